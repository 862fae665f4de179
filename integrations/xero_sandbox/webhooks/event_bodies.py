"""What a webhook says. Shape: xero-webhooks.yaml; developer.xero.com/documentation/guides/webhooks/overview."""

import base64
import hashlib
import hmac
import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import CreditNote, Invoice
from integrations.xero_sandbox.books.store import Change

Json = dict[str, Any]
RESOURCES = {
    Contact: ("CONTACT", "Contacts"),
    Invoice: ("INVOICE", "Invoices"),
    CreditNote: ("CREDITNOTE", "CreditNotes"),
}
CATEGORIES = tuple(category for category, _ in RESOURCES.values())
XEROS_API = "https://api.xero.com/api.xro/2.0"
MONEY_FIELDS = frozenset(
    {"amount_paid", "amount_credited", "amount_refunded", "amount_allocated", "fully_paid_on_date", "status"}
)
QUIET_FIELDS = frozenset({"is_customer", "is_supplier", "has_attachments"})
QUIET_UNDER_MONEY = frozenset({"due_date", "sent_to_contact"})


def event_of(change: Change, now: datetime, *, payments_count: bool) -> Json | None:
    """The event of one change; None where Xero stays silent: other records, quiet changes, and (by switch) payments."""
    if change.kind not in RESOURCES or change.after is None or not _is_heard(change, payments_count=payments_count):
        return None
    category, collection = RESOURCES[change.kind]
    event: Json = {
        "resourceUrl": f"{XEROS_API}/{collection}/{change.record_id}",
        "resourceId": change.record_id,
        "tenantId": change.after.organisation_id,
        "tenantType": "ORGANISATION",
        "eventCategory": category,
        "eventType": "CREATE" if change.before is None else "UPDATE",
        "eventDateUtc": now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}",
    }
    if isinstance(change.after, CreditNote):
        event["data"] = {"Type": change.after.type, "Status": change.after.status}
    return event


def body_of(events: list[Json], *, first: int, last: int, entropy: str) -> bytes:
    message = {"events": events, "firstEventSequence": first, "lastEventSequence": last, "entropy": entropy}
    return json.dumps(message, separators=(",", ":")).encode()


def signed(body: bytes, key: str) -> str:
    """The x-xero-signature header: Base64 of the HMAC-SHA256 over the body's own bytes."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def _is_heard(change: Change, *, payments_count: bool) -> bool:
    """Not everything that changes is a change to Xero; neither does it move UpdatedDateUTC (unconfirmed)."""
    if change.before is None:
        return True
    changed = {
        field.name
        for field in fields(change.after)
        if getattr(change.before, field.name) != getattr(change.after, field.name)
    }
    changed.discard("updated_at")
    quiet = QUIET_FIELDS | (QUIET_UNDER_MONEY if getattr(change.after, "has_money_applied", False) else frozenset())
    is_payment = bool(changed & {"amount_paid", "amount_refunded"}) and changed <= MONEY_FIELDS
    return not (changed <= quiet) and (payments_count or not is_payment)

"""The fields that invoices have and credit notes have not, and the other way round."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from integrations.xero_sandbox.books.document_records import Invoice
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.payment_terms import due_date_by
from integrations.xero_sandbox.wire.sent_fields import Sent

LINK_REFUSED = "Url must be a valid absolute url"
APPROVED = frozenset({"AUTHORISED", "PAID"})


def own_fields(
    sent: Sent,
    held: Any,
    *,
    record: type,
    status: str,
    document_date: date,
    terms: tuple[int, str] | None,
    must_have_due_date: bool,
    findings: Findings,
) -> dict[str, Any]:
    """DueDate may lie before Date. An approved document without one gets it by the organisation's terms."""
    due_date = sent.date("DueDate") or (held.due_date if held else None)
    if due_date is None and status != "DRAFT" and record is Invoice:
        if must_have_due_date:
            findings.refuse("DueDate must be specified for an approved invoice.")
        due_date = due_date_by(terms, document_date=document_date)
    sent_to_contact = sent.flag("SentToContact") if status in APPROVED else None
    shared = {
        "due_date": due_date,
        "sent_to_contact": (held.sent_to_contact if held else False) if sent_to_contact is None else sent_to_contact,
    }
    if record is not Invoice:
        return shared
    return shared | {
        "url": _url(sent, held, findings),
        "expected_payment_date": _kept_date(sent, held, "ExpectedPaymentDate", "expected_payment_date"),
        "planned_payment_date": _kept_date(sent, held, "PlannedPaymentDate", "planned_payment_date"),
    }


def _url(sent: Sent, held: Any, findings: Findings) -> str:
    """An absolute address that does not mention Xero (the second is unconfirmed, as is its wording)."""
    url = sent.text("Url")
    if url is None:
        return held.url if held else ""
    if url and not is_absolute(url):
        findings.refuse(LINK_REFUSED)
    return url


def is_absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and "xero" not in url.lower()


def _kept_date(sent: Sent, held: Any, name: str, field: str) -> date | None:
    kept: date | None = getattr(held, field) if held else None
    return sent.date(name) or kept

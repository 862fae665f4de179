"""
The bytes of a call as the sandbox may have them: other ids, and nobody's name, mail or street. Pure.

What is said of a document stays to the byte; what was written over keeps its length and its form, so that a rule
about either still finds what it found.
"""

import hashlib
import json
import re
from typing import Any
from uuid import UUID, uuid5

# Of Xero's, in what we send: developer.xero.com/documentation/api/accounting/contacts and /invoices.
IDS = frozenset({"ContactID", "BrandingThemeID", "ItemID", "AccountID"})
NAMES = frozenset({"Name", "FirstName", "LastName"})
PERSONAL = frozenset({
    "EmailAddress", "TaxNumber", "AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "City", "Region",
    "PostalCode", "Country", "AttentionTo", "PhoneNumber", "PhoneAreaCode", "PhoneCountryCode", "BankAccountDetails",
})  # fmt: skip
LISTS = ("Invoices", "CreditNotes", "Quotes", "Contacts", "Items")
OWN_IDS = ("InvoiceID", "CreditNoteID", "QuoteID")
CREATES = re.compile(r"/api\.xro/2\.0/(?:Invoices|CreditNotes|Quotes|Contacts|Items)(?:\?.*)?")


def elements_of(body: bytes) -> list[dict[str, Any]]:
    """What the call carries, in its order; empty where it is nothing that could be replayed."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return []
    lists = [parsed[name] for name in LISTS if isinstance(parsed.get(name), list)] if isinstance(parsed, dict) else []
    return [one for one in lists[0] if isinstance(one, dict)] if lists else []


def why_no_replay(method: str, path: str, body: bytes, *, is_removed: bool) -> str:
    """A sentence; empty where the call can be replayed. `is_removed`: the bytes were once kept, and grew too old."""
    if is_removed:
        return "The request and the answer were removed after 90 days, so there is nothing to send again."
    elements = elements_of(body)
    if not elements and CREATES.fullmatch(path):
        return "The bytes of this call are not kept here, so there is nothing to send again."
    if method != "PUT" or not CREATES.fullmatch(path) or any(name in one for one in elements for name in OWN_IDS):
        return (
            "This call changes what stands in Xero already, and the sandbox's books are empty. Replay the call that "
            "creates the document."
        )
    return ""


def other_id(identifier: str, organisation_id: str) -> str:
    """The same one each time. What is no id stays as it is: the sandbox says of it what Xero did."""
    try:
        return str(uuid5(UUID(organisation_id), str(UUID(identifier))))
    except ValueError:
        return identifier


def other_name(name: str) -> str:
    """Alike names stay alike, and different ones different."""
    return f"Contact {hashlib.sha256(name.strip().casefold().encode()).hexdigest()[:12]}".ljust(len(name), "x")


def disguised(body: bytes, *, organisation_id: str) -> bytes:
    return json.dumps(
        _disguised(json.loads(body), organisation_id, is_contact=False), separators=(",", ":"), ensure_ascii=False
    ).encode()


def _disguised(value: Any, organisation_id: str, *, is_contact: bool) -> Any:
    if isinstance(value, list):
        return [_disguised(one, organisation_id, is_contact=is_contact) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _field(name, inner, organisation_id, is_contact=is_contact) for name, inner in value.items()}


def _field(name: str, value: Any, organisation_id: str, *, is_contact: bool) -> Any:
    """A tracking category and an item have a name too, and it is nobody's."""
    if not isinstance(value, str):
        return _disguised(value, organisation_id, is_contact=is_contact or name in {"Contact", "Contacts"})
    if name in IDS:
        return other_id(value, organisation_id)
    if name in PERSONAL:
        return re.sub(r"\w", lambda one: "0" if one[0].isdigit() else "x", value)
    return other_name(value) if is_contact and name in NAMES else value

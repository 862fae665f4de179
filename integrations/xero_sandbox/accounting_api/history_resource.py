"""…/{collection}/{id}/History: what happened to a record. Notes can be added, never changed.

Source: developer.xero.com/documentation/api/accounting/historyandnotes; shapes from recorded answers.
"""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import CreditNote, HistoryNote, Invoice, Payment, Quote
from integrations.xero_sandbox.books.organisation_records import Item
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import moment_text, with_offset, without_offset

Json = dict[str, Any]
LONGEST_NOTE = 2500
OWNERS: dict[str, type] = {
    "invoices": Invoice,
    "creditnotes": CreditNote,
    "quotes": Quote,
    "contacts": Contact,
    "items": Item,
    "payments": Payment,
}


def list_history(call: ApiCall) -> Answer:
    owner_id = _owner_id(call)
    if owner_id is None:
        return not_found()
    return enveloped(call, "HistoryRecords", [_in_list(note) for note in call.books.history_of(owner_id)])


def add_history(call: ApiCall) -> Answer:
    owner_id = _owner_id(call)
    if owner_id is None:
        return not_found()

    def write(sent: Sent, findings: Findings) -> HistoryNote | None:
        details = sent.text("Details") or ""
        if not details.strip():
            findings.refuse("Details must be specified.")
        if len(details) > LONGEST_NOTE:
            findings.refuse("Details must not exceed 2500 characters.")
        if findings.errors:
            return None
        return call.books.note(owner_id, changes="Note", details=details, user=call.desk.user, now=call.now)

    kind = ElementKind(collection="HistoryRecords", word="HistoryRecord", id_name="", render=_as_written)
    return write_elements(call, kind, write)


def _owner_id(call: ApiCall) -> str | None:
    kind = OWNERS.get(call.parameters["collection"].lower())
    owner_id = call.parameters["owner"].lower()
    return owner_id if kind and call.books.find(kind, owner_id) else None


def _in_list(note: HistoryNote) -> Json:
    return {
        "Changes": note.changes,
        "DateUTCString": moment_text(note.noted_at),
        "DateUTC": with_offset(note.noted_at),
        "User": note.user,
        "Details": note.details,
    }


def _as_written(note: HistoryNote) -> Json:
    return {
        "DateUTCString": moment_text(note.noted_at),
        "DateUTC": without_offset(note.noted_at),
        "Details": note.details,
        "ValidationErrors": [],
    }

"""/CreditNotes and their allocations. Source: developer.xero.com/documentation/api/accounting/creditnotes."""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.document_lists import credit_note_shape
from integrations.xero_sandbox.accounting_api.document_rendering import (
    allocation_as_json,
    credit_note_in_full,
    credit_note_in_list,
)
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import JSON_WITH_CHARSET, enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.accounting_api.list_reading import Selection, Wanted, asked_page, select
from integrations.xero_sandbox.accounting_api.page_drawing import pdf_answer
from integrations.xero_sandbox.accounting_api.unchanged_lists import unless_unchanged
from integrations.xero_sandbox.books.document_records import Allocation, CreditNote, Invoice
from integrations.xero_sandbox.documents.allocate_credit import AllocationWish, allocate_credit, remove_allocation
from integrations.xero_sandbox.documents.document_family import CREDIT_NOTES
from integrations.xero_sandbox.documents.trade_documents import TradeDocumentDesk
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.wire.http_messages import Answer, json_answer
from integrations.xero_sandbox.wire.sent_fields import Sent

Json = dict[str, Any]
NO_SUCH_NOTE = "An existing Credit Note with the specified CreditNoteID could not be found"
ECHO: Json = {"Payments": [], "InvoiceAddresses": [], "Allocations": [], "LineItems": []}


def list_credit_notes(call: ApiCall) -> Answer:
    selection = select(call, credit_note_shape(call.books.store), Wanted())
    return unless_unchanged(call, selection.count, lambda: _listed(call, selection))


def get_credit_note(call: ApiCall) -> Answer:
    note = find_credit_note(call)
    if note is None:
        return not_found()
    if "application/pdf" in call.request.headers.get("accept", ""):
        return pdf_answer(note, call.books)
    return enveloped(call, "CreditNotes", [_full(call, note)])


def get_credit_note_as_pdf(call: ApiCall) -> Answer:
    note = find_credit_note(call)
    return not_found() if note is None else pdf_answer(note, call.books)


def create_credit_notes(call: ApiCall) -> Answer:
    desk = TradeDocumentDesk(call.desk, CREDIT_NOTES)

    def write(sent: Sent, findings: Findings) -> Any:
        if sent.identifier("CreditNoteID"):
            findings.refuse(NO_SUCH_NOTE)
            return None
        return desk.create(sent, findings)

    return write_elements(call, _kind(call), write)


def save_credit_notes(call: ApiCall) -> Answer:
    """POST updates what it finds by CreditNoteID or, for sales, by number, and creates the rest."""
    desk = TradeDocumentDesk(call.desk, CREDIT_NOTES)

    def write(sent: Sent, findings: Findings) -> Any:
        if identifier := sent.identifier("CreditNoteID"):
            held = call.books.find(CreditNote, identifier)
            if held is None:
                findings.refuse(NO_SUCH_NOTE)
                return None
        else:
            held = _by_number(call, sent)
        return desk.create(sent, findings) if held is None else desk.update(held, sent, findings)

    return write_elements(call, _kind(call), write)


def save_credit_note(call: ApiCall) -> Answer:
    held = find_credit_note(call)
    if held is None:
        return not_found()
    desk = TradeDocumentDesk(call.desk, CREDIT_NOTES)
    return write_elements(call, _kind(call), lambda sent, findings: desk.update(held, sent, findings))


def create_allocations(call: ApiCall) -> Answer:
    note = find_credit_note(call)
    if note is None:
        return not_found()

    def write(sent: Sent, findings: Findings) -> Allocation | None:
        amount = sent.decimal("Amount")
        named = sent.object("Invoice") or Sent({})
        if amount is None:
            findings.refuse("Allocation amount must be specified.")
            return None
        wish = AllocationWish(
            note=call.books.find(CreditNote, note.document_id),
            invoice=call.books.find(Invoice, named.identifier("InvoiceID")) or _numbered(call, named),
            amount=amount,
            allocation_date=sent.date("Date") or call.desk.today,
        )
        return allocate_credit(wish, context=call.desk, findings=findings)

    kind = ElementKind(
        collection="Allocations",
        word="Allocation",
        id_name="AllocationID",
        render=lambda allocation: allocation_as_json(allocation, call.books),
    )
    return write_elements(call, kind, write)


def delete_allocation(call: ApiCall) -> Answer:
    """The answer is the allocation itself, in no envelope: xero_accounting.yaml, and what Xero's SDK reads."""
    note = find_credit_note(call)
    allocation: Allocation | None = call.books.find(Allocation, call.parameters["allocation"].lower())
    if note is None or allocation is None or allocation.credit_note_id != note.document_id:
        return not_found()
    shown = allocation_as_json(allocation, call.books)
    remove_allocation(allocation, context=call.desk)
    return json_answer(shown | {"IsDeleted": True}, content_type=JSON_WITH_CHARSET)


def find_credit_note(call: ApiCall) -> CreditNote | None:
    key = call.parameters["document"]
    note: CreditNote | None = call.books.find(CreditNote, key.lower())
    numbered = [] if note else call.books.numbered(CreditNote, key)
    return note or (numbered[-1] if numbered else None)


def _full(call: ApiCall, note: CreditNote) -> Json:
    return credit_note_in_full(note, call.books, unit_places=call.unit_places)


def _kind(call: ApiCall) -> ElementKind:
    return ElementKind(
        collection="CreditNotes",
        word="CreditNote",
        id_name="CreditNoteID",
        error_flag="HasErrors",
        echo=ECHO,
        render=lambda note: _full(call, note),
    )


def _by_number(call: ApiCall, sent: Sent) -> CreditNote | None:
    number = sent.text("CreditNoteNumber")
    if not number or sent.text("Type") == "ACCPAYCREDIT":
        return None
    found = [note for note in call.books.numbered(CreditNote, number) if note.type == "ACCRECCREDIT"]
    return found[-1] if found else None


def _numbered(call: ApiCall, named: Sent) -> Invoice | None:
    number = named.text("InvoiceNumber")
    found = call.books.numbered(Invoice, number) if number else []
    return found[-1] if found else None


def _listed(call: ApiCall, selection: Selection) -> Answer:
    is_paged = bool(call.query("page"))
    page = asked_page(call)
    elements = call.rendered_lists.of(
        call.books,
        f"credit {call.unit_places} {is_paged}",
        page.cut(selection) if is_paged else selection.all(),
        lambda note: credit_note_in_list(note, call.books, unit_places=call.unit_places, with_lines=is_paged),
    )
    return enveloped(call, "CreditNotes", elements, pagination=page.block(selection.count) if is_paged else None)

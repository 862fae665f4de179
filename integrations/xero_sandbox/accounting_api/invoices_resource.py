"""/Invoices: sales invoices (ACCREC) and bills (ACCPAY).

Source: developer.xero.com/documentation/api/accounting/invoices.
"""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.attachments_resource import attachments_as_json
from integrations.xero_sandbox.accounting_api.document_lists import invoice_shape
from integrations.xero_sandbox.accounting_api.document_rendering import (
    EMPTY_INVOICE,
    invoice_alone,
    invoice_as_written,
    invoice_in_list,
    invoice_in_summary,
)
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found, plain_validation_refused
from integrations.xero_sandbox.accounting_api.list_reading import Wanted, asked_page, select
from integrations.xero_sandbox.accounting_api.page_drawing import pdf_answer
from integrations.xero_sandbox.accounting_api.unchanged_lists import unless_unchanged
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import Invoice
from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.documents.document_family import INVOICES
from integrations.xero_sandbox.documents.trade_documents import TradeDocumentDesk
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.query_matching import Test
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent

NO_SUCH_INVOICE = "An existing Invoice with the specified InvoiceID could not be found"
SENDABLE = frozenset({"SUBMITTED", "AUTHORISED", "PAID"})


def list_invoices(call: ApiCall) -> Answer:
    selection = select(call, invoice_shape(call.books.store), _wanted(call))
    return unless_unchanged(call, selection.count, lambda: _listed(call, selection))


def get_invoice(call: ApiCall) -> Answer:
    invoice = find_invoice(call)
    if invoice is None:
        return not_found()
    if "application/pdf" in call.request.headers.get("accept", ""):
        return pdf_answer(invoice, call.books)
    attachments = attachments_as_json(call, "Invoices", invoice.document_id)
    shown = invoice_alone(invoice, call.books, unit_places=call.unit_places, attachments=attachments)
    return enveloped(call, "Invoices", [shown])


def get_invoice_as_pdf(call: ApiCall) -> Answer:
    invoice = find_invoice(call)
    return not_found() if invoice is None else pdf_answer(invoice, call.books)


def create_invoices(call: ApiCall) -> Answer:
    """PUT creates and never updates: a taken number is refused."""
    desk = TradeDocumentDesk(call.desk, INVOICES)

    def write(sent: Sent, findings: Findings) -> Any:
        if sent.identifier("InvoiceID"):
            findings.refuse(NO_SUCH_INVOICE)
            return None
        return desk.create(sent, findings)

    return write_elements(call, _kind(call), write)


def save_invoices(call: ApiCall) -> Answer:
    """POST updates what it finds by InvoiceID or number, and creates the rest."""
    desk = TradeDocumentDesk(call.desk, INVOICES)

    def write(sent: Sent, findings: Findings) -> Any:
        if identifier := sent.identifier("InvoiceID"):
            held = call.books.find(Invoice, identifier)
            if held is None:
                findings.refuse(NO_SUCH_INVOICE)
                return None
        else:
            held = _by_number(call, sent)
        return desk.create(sent, findings) if held is None else desk.update(held, sent, findings)

    return write_elements(call, _kind(call), write)


def save_invoice(call: ApiCall) -> Answer:
    held = find_invoice(call)
    if held is None:
        return not_found()
    desk = TradeDocumentDesk(call.desk, INVOICES)
    return write_elements(call, _kind(call), lambda sent, findings: desk.update(held, sent, findings))


def get_online_invoice(call: ApiCall) -> Answer:
    invoice = find_invoice(call)
    if invoice is None or invoice.type != "ACCREC" or invoice.status == "DRAFT":
        return not_found()
    url = f"{call.request.origin}/app/{call.books.organisation.short_code}/invoicing/view/{invoice.document_id}"
    return enveloped(call, "OnlineInvoices", [{"OnlineInvoiceUrl": url}])


def email_invoice(call: ApiCall) -> Answer:
    """Nothing is sent. A demo company may send none at all; the sandbox's companies are paying ones."""
    invoice = find_invoice(call)
    if invoice is None:
        return not_found()
    if invoice.type != "ACCREC" or invoice.status not in SENDABLE:
        return plain_validation_refused("Invoice not of valid status for emailing")
    call.books.note(
        invoice.document_id,
        changes="Invoice sent",
        details="This invoice has been sent",
        user=call.desk.user,
        now=call.now,
    )
    return Answer(status=204)


def find_invoice(call: ApiCall) -> Invoice | None:
    """By InvoiceID, else by number; of several bills with one number the latest."""
    key = call.parameters["document"]
    invoice: Invoice | None = call.books.find(Invoice, key.lower())
    numbered = [] if invoice else call.books.numbered(Invoice, key)
    return invoice or (numbered[-1] if numbered else None)


def _kind(call: ApiCall) -> ElementKind:
    return ElementKind(
        collection="Invoices",
        word="Invoice",
        id_name="InvoiceID",
        error_flag="HasErrors",
        echo=EMPTY_INVOICE,
        render=lambda invoice: invoice_as_written(invoice, call.books, unit_places=call.unit_places),
    )


def _by_number(call: ApiCall, sent: Sent) -> Invoice | None:
    """POST without an InvoiceID meets the document with its number: for bills even another supplier's."""
    number = sent.text("InvoiceNumber")
    if not number:
        return None
    kind = sent.text("Type")
    found = [invoice for invoice in call.books.numbered(Invoice, number) if invoice.type == (kind or invoice.type)]
    if kind == "ACCPAY":
        found = [bill for bill in found if bill.status not in {"VOIDED", "DELETED"}]
        if call.switches.bill_number_on_post == "create":
            return None
        if call.switches.bill_number_on_post == "same_supplier":
            contact = call.desk.contacts.match(sent.object("Contact") or Sent({}))
            found = [bill for bill in found if contact and bill.contact_id == contact.contact_id]
    return found[-1] if found else None


def _wanted(call: ApiCall) -> Wanted:
    tests: list[Test] = []
    equals = {}
    statuses = {status.upper() for status in call.query_list("Statuses")}
    if len(statuses) == 1 and "status" not in call.query("where").lower():
        equals["status"] = next(iter(statuses))
    elif statuses:
        tests.append(lambda invoice: invoice.status in statuses)
    contacts = {contact.lower() for contact in call.query_list("ContactIDs")}
    if contacts:
        tests.append(lambda invoice: invoice.contact_id in contacts)
    if call.query_flag("createdByMyApp"):
        tests.append(lambda invoice: invoice.created_by == call.app.client_id)
    if term := folded(call.query("searchTerm")):
        tests.append(lambda invoice: term in _searched(invoice, call))
    return Wanted(identifiers=_identifiers(call), tests=tests, equals=equals)


def _identifiers(call: ApiCall) -> list[str] | None:
    if call.query("IDs"):
        return call.query_list("IDs")
    if call.query("InvoiceNumbers"):
        numbers = call.query_list("InvoiceNumbers")
        return [invoice.document_id for number in numbers for invoice in call.books.numbered(Invoice, number)]
    return None


def _searched(invoice: Invoice, call: ApiCall) -> str:
    contact: Contact = call.books.find(Contact, invoice.contact_id)
    return folded(f"{invoice.number}\n{invoice.reference}\n{contact.name}\n{invoice.total}")


def _listed(call: ApiCall, selection: Any) -> Answer:
    """Statuses and summaryOnly page without being asked; without pages a list has no lines."""
    is_summary = call.query_flag("summaryOnly")
    is_paged = bool(call.query("page") or call.query("Statuses") or is_summary)
    page = asked_page(call)
    invoices = page.cut(selection) if is_paged else selection.all()
    if is_summary:
        form, render = "summary", lambda invoice: invoice_in_summary(invoice, call.books)
    else:
        form, render = (
            f"list {call.unit_places} {is_paged}",
            lambda invoice: invoice_in_list(invoice, call.books, unit_places=call.unit_places, with_lines=is_paged),
        )
    elements = call.rendered_lists.of(call.books, form, invoices, render)
    block = page.block(selection.count) if is_paged else None
    return enveloped(call, "Invoices", elements, pagination=block)

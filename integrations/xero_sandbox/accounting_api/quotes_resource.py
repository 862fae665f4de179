"""/Quotes. Source: developer.xero.com/documentation/api/accounting/quotes.

Quotes know no where, no IDs, no pageSize and no pagination block; they come in pages of a hundred.
"""

from datetime import date
from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.accounting_api.list_reading import (
    USUAL_PAGE_SIZE,
    IndexedBy,
    ListShape,
    Page,
    Selection,
    Wanted,
    asked_page,
    select,
)
from integrations.xero_sandbox.accounting_api.page_drawing import pdf_answer
from integrations.xero_sandbox.accounting_api.quote_rendering import quote_in_full, quote_in_list
from integrations.xero_sandbox.accounting_api.unchanged_lists import unless_unchanged
from integrations.xero_sandbox.books.document_records import Quote
from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.documents.invoice_a_quote import invoice_quote
from integrations.xero_sandbox.documents.quotes_desk import QuotesDesk
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.query_matching import Test
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import read_date

NO_SUCH_QUOTE = "An existing Quote with the specified QuoteID could not be found"
DATE_FILTERS = {
    "DateFrom": ("document_date", False),
    "DateTo": ("document_date", True),
    "ExpiryDateFrom": ("expiry_date", False),
    "ExpiryDateTo": ("expiry_date", True),
}
SHAPE = ListShape(
    kind=Quote,
    knows_where=False,
    fields={
        "quoteid": lambda quote: quote.document_id,
        "quotenumber": lambda quote: quote.number,
        "status": lambda quote: quote.status,
        "date": lambda quote: quote.document_date,
        "expirydate": lambda quote: quote.expiry_date,
        "reference": lambda quote: quote.reference,
        "total": lambda quote: quote.total,
        "updateddateutc": lambda quote: quote.updated_at,
        "contact.contactid": lambda quote: quote.contact_id,
    },
    indexes=(
        IndexedBy(facet="number", paths={"quotenumber": folded}),
        IndexedBy(facet="contact", paths={"contact.contactid": str.lower}),
        IndexedBy(facet="status", paths={"status": str.upper}),
    ),
)


def list_quotes(call: ApiCall) -> Answer:
    selection = select(call, SHAPE, _wanted(call))
    return unless_unchanged(call, selection.count, lambda: _listed(call, selection))


def get_quote(call: ApiCall) -> Answer:
    quote = find_quote(call)
    if quote is None:
        return not_found()
    if "application/pdf" in call.request.headers.get("accept", ""):
        return pdf_answer(quote, call.books)
    return enveloped(call, "Quotes", [quote_in_full(quote, call.books)], is_quote=True)


def get_quote_as_pdf(call: ApiCall) -> Answer:
    quote = find_quote(call)
    return not_found() if quote is None else pdf_answer(quote, call.books)


def create_quotes(call: ApiCall) -> Answer:
    desk = QuotesDesk(call.desk)

    def write(sent: Sent, findings: Findings) -> Quote | None:
        if sent.identifier("QuoteID"):
            findings.refuse(NO_SUCH_QUOTE)
            return None
        return desk.create(sent, findings)

    return write_elements(call, _kind(call), write)


def save_quotes(call: ApiCall) -> Answer:
    """POST updates what it finds by QuoteID or QuoteNumber, and creates the rest."""

    def write(sent: Sent, findings: Findings) -> Quote | None:
        if identifier := sent.identifier("QuoteID"):
            held = call.books.find(Quote, identifier)
            if held is None:
                findings.refuse(NO_SUCH_QUOTE)
                return None
        else:
            numbered = call.books.numbered(Quote, sent.text("QuoteNumber") or "")
            held = numbered[-1] if numbered else None
        return QuotesDesk(call.desk).create(sent, findings) if held is None else _update(call, held, sent, findings)

    return write_elements(call, _kind(call), write)


def save_quote(call: ApiCall) -> Answer:
    held = find_quote(call)
    if held is None:
        return not_found()
    return write_elements(call, _kind(call), lambda sent, findings: _update(call, held, sent, findings))


def find_quote(call: ApiCall) -> Quote | None:
    quote: Quote | None = call.books.find(Quote, call.parameters["document"].lower())
    return quote


def _update(call: ApiCall, held: Quote, sent: Sent, findings: Findings) -> Quote | None:
    quote = QuotesDesk(call.desk).update(held, sent, findings)
    is_newly_invoiced = quote is not None and quote.status == "INVOICED" != held.status
    if quote is not None and is_newly_invoiced and call.switches.quote_invoiced == "creates_invoice":
        invoice_quote(quote, context=call.desk)
    return quote


def _kind(call: ApiCall) -> ElementKind:
    return ElementKind(
        collection="Quotes",
        word="Quote",
        id_name="QuoteID",
        render=lambda quote: quote_in_full(quote, call.books),
        is_quote=True,
    )


def _wanted(call: ApiCall) -> Wanted:
    tests: list[Test] = [
        _date_test(field, read_date(call.query(name)), is_latest=is_latest)
        for name, (field, is_latest) in DATE_FILTERS.items()
        if call.query(name)
    ]
    equals = {
        path: call.query(name)
        for name, path in (
            ("QuoteNumber", "quotenumber"),
            ("ContactID", "contact.contactid"),
            ("Status", "status"),
        )
        if call.query(name)
    }
    return Wanted(tests=tests, equals=equals)


def _date_test(field: str, bound: date, *, is_latest: bool) -> Test:
    def test(quote: Any) -> bool:
        day: date | None = getattr(quote, field)
        if day is None:
            return False
        return day <= bound if is_latest else day >= bound

    return test


def _listed(call: ApiCall, selection: Selection) -> Answer:
    page = Page(number=asked_page(call).number, size=USUAL_PAGE_SIZE)
    elements = call.rendered_lists.of(
        call.books, "quote", page.cut(selection), lambda quote: quote_in_list(quote, call.books)
    )
    return enveloped(call, "Quotes", elements, is_quote=True)

"""A quote as Xero writes it: in a list, and alone or as the answer to a write.

Shape: recorded answers of a live demo company; dates carry no offset and LineAmountTypes is in capitals.
"""

from typing import Any

from integrations.xero_sandbox.accounting_api.line_rendering import line_of_quote
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import Quote
from integrations.xero_sandbox.contacts.contact_rendering import contact_in_quote
from integrations.xero_sandbox.wire.wire_dates import day_text, without_offset

Json = dict[str, Any]


def quote_in_list(quote: Quote, books: CompanyBooks) -> Json:
    """A list leaves out what is empty, and adds the discounts."""
    terms = {"Terms": quote.terms} if quote.terms else {}
    return _quote(quote, books, terms=terms, discount={"TotalDiscount": quote.total_discount}, in_list=True)


def quote_in_full(quote: Quote, books: CompanyBooks) -> Json:
    discount = {"TotalDiscount": quote.total_discount} if quote.total_discount else {}
    return _quote(quote, books, terms={"Terms": quote.terms}, discount=discount, in_list=False)


def _quote(quote: Quote, books: CompanyBooks, *, terms: Json, discount: Json, in_list: bool) -> Json:
    contact: Contact = books.find(Contact, quote.contact_id)
    return {
        "QuoteID": quote.document_id,
        "QuoteNumber": quote.number,
        **_given("Reference", quote.reference),
        **terms,
        "Contact": contact_in_quote(contact),
        "LineItems": [line_of_quote(line, books, in_list=in_list) for line in quote.lines],
        "Date": without_offset(quote.document_date),
        "DateString": day_text(quote.document_date),
        **_expiry(quote),
        "Status": quote.status,
        "CurrencyRate": quote.currency_rate,
        "CurrencyCode": quote.currency_code,
        "SubTotal": quote.sub_total,
        "TotalTax": quote.total_tax,
        "Total": quote.total,
        **discount,
        **_given("Title", quote.title),
        **_given("Summary", quote.summary),
        **_given("BrandingThemeID", quote.branding_theme_id),
        "UpdatedDateUTC": without_offset(quote.updated_at),
        "LineAmountTypes": quote.line_amount_types.upper(),
    }


def _given(name: str, value: str) -> Json:
    return {name: value} if value else {}


def _expiry(quote: Quote) -> Json:
    if quote.expiry_date is None:
        return {}
    return {"ExpiryDate": without_offset(quote.expiry_date), "ExpiryDateString": day_text(quote.expiry_date)}

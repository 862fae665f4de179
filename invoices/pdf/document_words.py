"""What each kind of document is called, and says of itself. Pure."""

from collections.abc import Mapping

from invoices.pdf.country_words import TAX_CREDIT_NOTE_COUNTRIES, TAX_INVOICE_COUNTRIES, country_code

QUOTE, INVOICE, CREDIT_NOTE, BILL, BILL_CREDIT_NOTE = (
    "quote", "sales invoice", "sales credit note", "bill", "bill credit note",
)  # fmt: skip
TITLES: Mapping[str, str] = {
    QUOTE: "Quote",
    INVOICE: "Invoice",
    CREDIT_NOTE: "Credit note",
    BILL: "Bill",
    BILL_CREDIT_NOTE: "Supplier credit note",
}
CUSTOMER_WORDS: Mapping[str, str] = {
    QUOTE: "Quote for",
    INVOICE: "Bill to",
    CREDIT_NOTE: "Credit to",
    BILL: "Supplier",
    BILL_CREDIT_NOTE: "Supplier",
}
DUE_WORDS: Mapping[str, str] = {
    QUOTE: "Total",
    INVOICE: "Amount due",
    CREDIT_NOTE: "Credit",
    BILL: "Total",
    BILL_CREDIT_NOTE: "Credit",
}


def title_of(kind: str, *, country: str, tax_number: str) -> str:
    """Only a seller who is registered for the tax may call an invoice a tax invoice."""
    where = country_code(country) if tax_number else ""
    if kind == INVOICE and where in TAX_INVOICE_COUNTRIES:
        return "Tax invoice"
    if kind == CREDIT_NOTE and where in TAX_CREDIT_NOTE_COUNTRIES:
        return "Tax credit note"
    return TITLES[kind]


def notes_of(kind: str, *, number: str, credited: str, valid_until: str) -> tuple[str, ...]:
    """What the customer is to know of this kind of document, in sentences."""
    if kind == QUOTE:
        until = f" It is valid until {valid_until}." if valid_until else ""
        return (f"This is a quote and no invoice: there is nothing to pay yet.{until}", f"To accept it, name {number}.")
    if kind == CREDIT_NOTE:
        against = f"takes back what it lists of {credited}" if credited else "takes back what it lists"
        return (f"This credit note {against}. There is nothing to pay.",)
    return ()

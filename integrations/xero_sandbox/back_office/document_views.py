"""What the back office's pages show, put together from the records."""

from typing import Any

from integrations.xero_sandbox.back_office.finding_records import DOCUMENT_KINDS
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import CreditNote, Invoice, Quote
from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.books.identity_records import App, Connection, Login
from integrations.xero_sandbox.books.organisation_records import Account, Currency, TaxRate, TrackingCategory
from integrations.xero_sandbox.documents.settle_documents import allocations_from, allocations_to, payments_of
from integrations.xero_sandbox.documents.take_payment import open_amount

Json = dict[str, Any]
WORDS = {
    "ACCREC": ("Invoice", "invoicing"),
    "ACCPAY": ("Bill", "bills"),
    "ACCRECCREDIT": ("Credit note", "creditnotes"),
    "ACCPAYCREDIT": ("Supplier credit note", "creditnotes"),
    "QUOTE": ("Quote", "quotes"),
}
STATUS_WORDS = {
    "DRAFT": "Draft",
    "SUBMITTED": "Awaiting approval",
    "AUTHORISED": "Awaiting payment",
    "PAID": "Paid",
    "VOIDED": "Voided",
    "DELETED": "Deleted",
    "SENT": "Sent",
    "ACCEPTED": "Accepted",
    "DECLINED": "Declined",
    "INVOICED": "Invoiced",
}
LIST_TABS = (
    ("all", "Everything"),
    ("ACCREC", "Invoices"),
    ("ACCPAY", "Bills"),
    ("credit", "Credit notes"),
    ("QUOTE", "Quotes"),
    ("open", "Awaiting payment"),
    ("paid", "Paid"),
)
BUTTONS = {
    "DRAFT": ("approve", "delete"),
    "SUBMITTED": ("approve", "delete"),
    "AUTHORISED": ("void",),
}
NEXT_FOR_QUOTES = {
    "DRAFT": ("send",),
    "SENT": ("accept", "decline"),
    "ACCEPTED": ("invoice",),
    "DECLINED": ("send",),
}


def listed_documents(books: CompanyBooks, tab: str, search: str) -> list[Any]:
    """Newest change first; of one moment the highest number."""
    term = folded(search)
    documents = [
        document
        for kind in DOCUMENT_KINDS
        for document in books.all(kind)
        if _is_on(tab, document) and (not term or term in _searched(document, books))
    ]
    return sorted(documents, key=lambda document: (document.updated_at, document.number), reverse=True)


def document_view(document: Any, books: CompanyBooks) -> Json:
    word, place = WORDS[document.type]
    contact: Contact = books.find(Contact, document.contact_id)
    is_approved = document.status in {"AUTHORISED", "PAID"}
    return {
        "document": document,
        "word": word,
        "address": f"/app/{books.organisation.short_code}/{place}/view/{document.document_id}",
        "pdf_address": f"/app/{books.organisation.short_code}/{place}/pdf/{document.document_id}",
        "contact": contact,
        "status": STATUS_WORDS[document.status],
        "due": open_amount(document) if is_approved and not isinstance(document, Quote) else None,
        "lines": [_line_view(line, books) for line in document.lines],
        "payments": [] if isinstance(document, Quote) else payments_of(books, document.document_id),
        "credits": _credits(document, books),
        "files": books.attachments_of(document.document_id),
        "buttons": BUTTONS.get(document.status, ()) if not isinstance(document, Quote) else (),
        "moves": NEXT_FOR_QUOTES.get(document.status, ()) if isinstance(document, Quote) else (),
        "can_take_money": document.status == "AUTHORISED",
        "money_word": "Refund" if isinstance(document, CreditNote) else "Payment",
        "banks": _banks(books),
    }


def contact_view(contact: Contact, books: CompanyBooks) -> Json:
    documents = [
        document
        for kind in DOCUMENT_KINDS
        for document in books.store.table(kind).all("contact", books.organisation_id, contact.contact_id)
    ]
    return {"contact": contact, "rows": [document_view(document, books) for document in documents]}


def settings_view(books: CompanyBooks) -> Json:
    store = books.store
    connections = [
        (each, store.get(App, each.client_id), store.get(Login, each.user_id))
        for each in store.table(Connection).all("organisation", books.organisation_id)
        if each.is_active
    ]
    return {
        "accounts": sorted(books.all(Account), key=lambda account: account.code),
        "rates": sorted(books.all(TaxRate), key=lambda rate: rate.name),
        "categories": books.tracking_categories(),
        "currencies": sorted(books.all(Currency), key=lambda currency: currency.code),
        "connections": connections,
    }


def _is_on(tab: str, document: Any) -> bool:
    if tab == "credit":
        return isinstance(document, CreditNote)
    if tab == "open":
        return document.status == "AUTHORISED"
    if tab == "paid":
        return document.status == "PAID"
    return tab in {"all", document.type}


def _searched(document: Any, books: CompanyBooks) -> str:
    contact: Contact = books.find(Contact, document.contact_id)
    return folded(f"{document.number} {document.reference} {contact.name} {document.total} {document.document_id}")


def _line_view(line: Any, books: CompanyBooks) -> Json:
    rate = books.tax_rate(line.tax_type) if line.tax_type else None
    account = books.find(Account, line.account_id)
    tracking = []
    for choice in line.tracking:
        category: TrackingCategory | None = books.find(TrackingCategory, choice.category_id)
        option = category.option(choice.option_id) if category else None
        if category and option:
            tracking.append(f"{category.name}: {option.name}")
    return {
        "line": line,
        "account": f"{account.code} {account.name}".strip() if account else "",
        "tax": rate.name if rate else line.tax_type,
        "tracking": ", ".join(tracking),
    }


def _credits(document: Any, books: CompanyBooks) -> list[tuple[str, str, Any]]:
    """The other side of each allocation: its number, where it is, and the amount."""
    if isinstance(document, Invoice):
        allocations = allocations_to(books, document.document_id)
        others = [books.find(CreditNote, each.credit_note_id) for each in allocations]
    elif isinstance(document, CreditNote):
        allocations = allocations_from(books, document.document_id)
        others = [books.find(Invoice, each.invoice_id) for each in allocations]
    else:
        return []
    code = books.organisation.short_code
    return [
        (other.number, f"/app/{code}/{WORDS[other.type][1]}/view/{other.document_id}", allocation.amount)
        for other, allocation in zip(others, allocations, strict=True)
    ]


def _banks(books: CompanyBooks) -> list[Account]:
    accounts = [
        account
        for account in books.all(Account)
        if account.status == "ACTIVE" and account.code and (account.type == "BANK" or account.enable_payments)
    ]
    return sorted(accounts, key=lambda account: account.code)

"""Names and ids as people and tests write them, turned into records."""

from typing import Any

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.document_records import CreditNote, Invoice, Quote
from integrations.xero_sandbox.books.organisation_records import Organisation
from integrations.xero_sandbox.books.store import Store

DOCUMENT_KINDS = (Invoice, CreditNote, Quote)


class ActRefusedError(Exception):
    """The act cannot be done; the message says why, in Xero's words where Xero has some."""


def usual_organisations(store: Store) -> list[Organisation]:
    """All but copies."""
    organisations: list[Organisation] = store.table(Organisation).all("all")
    return [one for one in organisations if not one.is_copy]


def organisation_called(store: Store, name: str) -> Organisation:
    """By id, short code, country, base currency, name, or the beginning of its name; a copy by its id."""
    wanted = name.strip().casefold()
    copy: Organisation | None = store.get(Organisation, wanted)
    if copy is not None and copy.is_copy:
        return copy
    organisations = usual_organisations(store)
    for organisation in organisations:
        names = (
            organisation.organisation_id,
            organisation.short_code,
            organisation.country_code,
            organisation.version,
            organisation.base_currency,
            organisation.name,
        )
        if wanted in {each.casefold() for each in names}:
            return organisation
    for organisation in organisations:
        if wanted and organisation.name.casefold().startswith(wanted):
            return organisation
    raise ActRefusedError(f"There is no organisation called {name!r}.")


def document_called(books: CompanyBooks, name: str) -> Any:
    """An invoice, bill, credit note or quote by its id or number; of several the latest."""
    for kind in DOCUMENT_KINDS:
        document = books.find(kind, name.lower())
        if document is not None:
            return document
    numbered = [document for kind in DOCUMENT_KINDS for document in books.numbered(kind, name)]
    if not numbered:
        raise ActRefusedError(f"There is no document {name!r} in {books.organisation.name}.")
    return max(numbered, key=lambda document: document.updated_at)


def all_documents(books: CompanyBooks) -> list[Any]:
    return [document for kind in DOCUMENT_KINDS for document in books.all(kind)]

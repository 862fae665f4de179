"""Remembers how records were last written in lists, so that pages are joined and not written anew."""

import json
from collections.abc import Callable
from typing import Any

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.organisation_records import Item, TrackingCategory

Json = dict[str, Any]
MOST_REMEMBERED = 100_000


def as_bytes(value: Any) -> bytes:
    """Decimals become JSON numbers: 24.15, 1.0."""
    return json.dumps(value, default=float, separators=(",", ":"), ensure_ascii=False).encode()


class RenderedLists:
    """The JSON of each document, kept while it, its contact and the names it shows stay as they are."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, str], tuple[Any, Contact | None, bytes]] = {}
        self._names_version = (0, 0)

    def of(self, books: CompanyBooks, form: str, documents: list[Any], render: Callable[[Any], Json]) -> list[bytes]:
        contacts = books.store.table(Contact)
        self._forget_if_names_changed(books)
        elements = []
        for document in documents:
            contact = contacts.get(document.contact_id)
            key = (form, document.document_id)
            known = self._written.get(key)
            if known is None or known[0] is not document or known[1] is not contact:
                known = (document, contact, as_bytes(render(document)))
                self._written[key] = known
            elements.append(known[2])
        return elements

    def _forget_if_names_changed(self, books: CompanyBooks) -> None:
        version = (books.store.table(TrackingCategory).version, books.store.table(Item).version)
        if version != self._names_version or len(self._written) > MOST_REMEMBERED:
            self._written.clear()
            self._names_version = version

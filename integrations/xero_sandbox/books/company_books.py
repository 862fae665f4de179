"""One organisation's part of the store, with the look-ups that its documents need."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import Attachment, HistoryNote
from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.books.organisation_records import (
    Account,
    BrandingTheme,
    Currency,
    Item,
    Organisation,
    TaxRate,
    TrackingCategory,
)
from integrations.xero_sandbox.books.store import Store


class CompanyBooks:
    def __init__(self, store: Store, organisation_id: str) -> None:
        self.store = store
        self.organisation_id = organisation_id
        self._tracking: tuple[int, list[TrackingCategory]] = (-1, [])

    @property
    def organisation(self) -> Organisation:
        organisation: Organisation = self.store.get(Organisation, self.organisation_id)
        return organisation

    def today(self, now: datetime) -> date:
        """Xero's default for a date is today in the organisation's time zone."""
        return now.astimezone(ZoneInfo(self.organisation.zone)).date()

    def find(self, kind: type, identifier: str | None) -> Any:
        """The record with this id if it belongs to this organisation, else None."""
        record = self.store.get(kind, identifier) if identifier else None
        return record if record is not None and record.organisation_id == self.organisation_id else None

    def all(self, kind: type) -> list[Any]:
        return self.store.table(kind).all("all", self.organisation_id)

    def account_with_code(self, code: str) -> Account | None:
        return self.store.table(Account).first("code", self.organisation_id, code.upper())

    def tax_rate(self, tax_type: str) -> TaxRate | None:
        rate: TaxRate | None = self.store.get(TaxRate, f"{self.organisation_id}/{tax_type.upper()}")
        return rate

    def currency(self, code: str) -> Currency | None:
        currency: Currency | None = self.store.get(Currency, f"{self.organisation_id}/{code}")
        return currency

    def item_with_code(self, code: str) -> Item | None:
        return self.store.table(Item).first("code", self.organisation_id, folded(code))

    def tracking_categories(self) -> list[TrackingCategory]:
        """Sorted once for as long as none of them changes: every line of a request asks for them."""
        version = self.store.table(TrackingCategory).version
        if self._tracking[0] != version:
            found = sorted(self.all(TrackingCategory), key=lambda category: category.name)
            self._tracking = (version, found)
        return self._tracking[1]

    def branding_themes(self) -> list[BrandingTheme]:
        return sorted(self.all(BrandingTheme), key=lambda theme: theme.sort_order)

    def contacts_with(self, facet: str, value: str) -> list[Contact]:
        return self.store.table(Contact).all(facet, self.organisation_id, value)

    def numbered(self, kind: type, number: str) -> list[Any]:
        """The documents of one kind (Invoice, CreditNote, Quote) that carry this number, in any case."""
        return self.store.table(kind).all("number", self.organisation_id, folded(number))

    def attachments_of(self, owner_id: str) -> list[Attachment]:
        return self.store.table(Attachment).all("owner", owner_id)

    def history_of(self, owner_id: str) -> list[HistoryNote]:
        notes = self.store.table(HistoryNote).all("owner", owner_id)
        return sorted(notes, key=lambda note: note.number, reverse=True)

    def note(self, owner_id: str, *, changes: str, details: str, user: str, now: datetime) -> HistoryNote:
        """Append to a record's history; history is never changed."""
        number = len(self.store.table(HistoryNote).ids("owner", owner_id)) + 1
        note = HistoryNote(
            organisation_id=self.organisation_id,
            note_id=str(uuid4()),
            owner_id=owner_id,
            changes=changes,
            details=details,
            user=user,
            noted_at=now,
            number=number,
        )
        self.store.save(note)
        return note

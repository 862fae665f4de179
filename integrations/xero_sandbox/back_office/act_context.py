"""What an act is given: the books, what was asked, and the moment."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from integrations.xero_sandbox.back_office.finding_records import ActRefusedError, document_called
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.documents.desk_context import DeskContext
from integrations.xero_sandbox.switches import Switches
from integrations.xero_sandbox.wire.sent_fields import Sent

PERSON = "Sandbox person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActContext:
    books: CompanyBooks
    wish: dict[str, Any]
    switches: Switches
    now: datetime

    @property
    def desk(self) -> DeskContext:
        return DeskContext(
            books=self.books, switches=self.switches, now=self.now, client_id="", user=PERSON, unit_places=4
        )

    @property
    def document(self) -> Any:
        return document_called(self.books, self.text("document"))

    def text(self, name: str) -> str:
        text = self.text_or(name, "")
        if not text:
            raise ActRefusedError(f"The act needs {name!r}.")
        return text

    def text_or(self, name: str, otherwise: str) -> str:
        value = self.wish.get(name)
        return otherwise if value is None or value == "" else str(value)

    def amount_or(self, name: str, otherwise: Decimal) -> Decimal:
        amount = Sent(self.wish).decimal(name)
        return otherwise if amount is None else amount

    def date_or_today(self, name: str) -> date:
        return Sent(self.wish).date(name) or self.desk.today

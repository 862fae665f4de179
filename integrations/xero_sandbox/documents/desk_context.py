"""Who writes documents, when, and under which readings of Xero's rules."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.contacts.save_contact import ContactDesk
from integrations.xero_sandbox.switches import Switches


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContext:
    """`client_id` is empty where a person writes in the back office. `user` signs the history."""

    books: CompanyBooks
    switches: Switches
    now: datetime
    client_id: str
    user: str
    unit_places: int = 2

    @property
    def today(self) -> date:
        return self.books.today(self.now)

    @property
    def rounding(self) -> str:
        return ROUND_HALF_UP if self.switches.rounding == "half_up" else ROUND_HALF_EVEN

    @property
    def contacts(self) -> ContactDesk:
        return ContactDesk(books=self.books, switches=self.switches, now=self.now)

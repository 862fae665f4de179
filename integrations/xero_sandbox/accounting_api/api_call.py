"""One admitted call to the accounting API: who calls, which organisation, what, and when."""

from dataclasses import dataclass, field
from datetime import datetime

from integrations.xero_sandbox.accounting_api.rendered_lists import RenderedLists
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.identity_records import App
from integrations.xero_sandbox.documents.desk_context import DeskContext
from integrations.xero_sandbox.switches import Switches
from integrations.xero_sandbox.wire.http_messages import Request

API_USER = "System Generated"
FOUR_PLACES = "4"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    request: Request
    books: CompanyBooks
    app: App
    switches: Switches
    now: datetime
    rendered_lists: RenderedLists
    parameters: dict[str, str] = field(default_factory=dict)

    def query(self, name: str) -> str:
        return self.request.query.get(name.lower(), "")

    def query_flag(self, name: str) -> bool:
        return self.query(name).lower() == "true"

    def query_list(self, name: str) -> list[str]:
        return [part.strip() for part in self.query(name).split(",") if part.strip()]

    @property
    def unit_places(self) -> int:
        """Xero rounds unit prices to two places unless asked for four."""
        return 4 if self.query("unitdp") == FOUR_PLACES else 2

    @property
    def summarises_errors(self) -> bool:
        """Omitted means true, whatever the OpenAPI file says: seen on a live organisation."""
        return self.query("summarizeErrors").lower() != "false"

    @property
    def desk(self) -> DeskContext:
        return DeskContext(
            books=self.books,
            switches=self.switches,
            now=self.now,
            client_id=self.app.client_id,
            user=API_USER,
            unit_places=self.unit_places,
        )

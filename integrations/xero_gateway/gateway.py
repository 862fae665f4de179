"""Xero's Accounting API, one method a call, for one organisation. What an answer means is decided elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from integrations.mapping.source import DocumentKind
from integrations.xero_gateway import sdk
from integrations.xero_gateway.answers import Answer
from integrations.xero_gateway.call_times import REAL_TIMES, CallTimes

ACCOUNTING = "/api.xro/2.0"
PATHS = {
    DocumentKind.SALES_INVOICE: "Invoices",
    DocumentKind.BILL: "Invoices",
    DocumentKind.SALES_CREDIT_NOTE: "CreditNotes",
    DocumentKind.BILL_CREDIT_NOTE: "CreditNotes",
    DocumentKind.QUOTE: "Quotes",
}
# Without the first the first faulty element refuses all fifty; amounts keep four decimals a unit (not on quotes).
BATCH_QUERY = "summarizeErrors=false&unitdp=4"
QUOTE_QUERY = "summarizeErrors=false"
PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A request that writes, whole: what is committed before it is sent, and sent as it was committed."""

    method: str
    path: str
    body: bytes
    idempotency_key: str
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class XeroGateway:
    """
    `guard` is called before every request and raises where none may be made, such as inside a transaction.

    The access token never leaves this object but in the header.
    """

    api_base_url: str
    organisation_id: str
    access_token: str
    guard: Callable[[], None]
    times: CallTimes = REAL_TIMES

    def __repr__(self) -> str:
        return f"XeroGateway({self.organisation_id})"

    def write(self, request: Write) -> Answer:
        """Raises NotSentError, NoAnswerError."""
        headers = {
            "Content-Type": request.content_type,
            "Idempotency-Key": request.idempotency_key,
        }
        return self._send(request.method, request.path, headers=headers, body=request.body)

    def read(self, resource: str, *, modified_since: datetime | None = None, **query: str | int) -> Answer:
        """One page of a list. `modified_since` is cut to whole seconds. Raises NotSentError, NoAnswerError."""
        headers = {}
        if modified_since is not None:
            headers["If-Modified-Since"] = modified_since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        path = f"{ACCOUNTING}/{resource}" + (f"?{urlencode(query)}" if query else "")
        return self._send("GET", path, headers=headers)

    def _send(self, method: str, path: str, *, headers: dict[str, str], body: bytes | None = None) -> Answer:
        self.guard()
        standard = {
            "Accept": "application/json",
            "Authorization": f"Bearer {self.access_token}",
            "User-Agent": "FreightBridge",
            "xero-tenant-id": self.organisation_id,
        }
        all_headers = {**standard, **headers}
        return sdk.send(method, f"{self.api_base_url}{path}", headers=all_headers, body=body, times=self.times)


def create_documents(kind: DocumentKind, *, body: bytes, idempotency_key: str) -> Write:
    """PUT creates and never updates, so that a number which stands already is refused, not overwritten."""
    return Write(method="PUT", path=_batch_path(kind), body=body, idempotency_key=idempotency_key)


def change_documents(kind: DocumentKind, *, body: bytes, idempotency_key: str) -> Write:
    """POST with ids updates just those documents."""
    return Write(method="POST", path=_batch_path(kind), body=body, idempotency_key=idempotency_key)


def allocate_credit(*, credit_note_id: str, body: bytes, idempotency_key: str) -> Write:
    path = f"{ACCOUNTING}/CreditNotes/{credit_note_id}/Allocations?summarizeErrors=false"
    return Write(method="PUT", path=path, body=body, idempotency_key=idempotency_key)


def add_note(kind: DocumentKind, *, xero_id: str, body: bytes, idempotency_key: str) -> Write:
    path = f"{ACCOUNTING}/{PATHS[kind]}/{xero_id}/History"
    return Write(method="PUT", path=path, body=body, idempotency_key=idempotency_key)


def _batch_path(kind: DocumentKind) -> str:
    return f"{ACCOUNTING}/{PATHS[kind]}?{QUOTE_QUERY if kind == DocumentKind.QUOTE else BATCH_QUERY}"


def create_contacts(*, body: bytes, idempotency_key: str) -> Write:
    path = f"{ACCOUNTING}/Contacts?summarizeErrors=false"
    return Write(method="PUT", path=path, body=body, idempotency_key=idempotency_key)


def create_items(*, body: bytes, idempotency_key: str) -> Write:
    """PUT refuses a code that stands already (developer.xero.com/documentation/api/accounting/items)."""
    path = f"{ACCOUNTING}/Items?summarizeErrors=false"
    return Write(method="PUT", path=path, body=body, idempotency_key=idempotency_key)


def attach_pdf(
    kind: DocumentKind, *, xero_id: str, file_name: str, content: bytes, is_online: bool, idempotency_key: str
) -> Write:
    """
    The same name again replaces the file. Only what is sold can be shown to the customer online.

    Source: developer.xero.com/documentation/api/accounting/attachments.
    """
    can_be_online = kind in {DocumentKind.SALES_INVOICE, DocumentKind.SALES_CREDIT_NOTE}
    online = "?IncludeOnline=true" if is_online and can_be_online else ""
    path = f"{ACCOUNTING}/{PATHS[kind]}/{xero_id}/Attachments/{quote(file_name, safe='')}{online}"
    return Write(method="PUT", path=path, body=content, idempotency_key=idempotency_key, content_type="application/pdf")

"""/_sandbox/…: what tests and checkers set and read. JSON in, JSON out."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from integrations.xero_sandbox.accounting_api.scope_rules import GRANULAR_SCOPES
from integrations.xero_sandbox.back_office.acts import perform
from integrations.xero_sandbox.back_office.admin_controls import AdminControls, json_body
from integrations.xero_sandbox.back_office.documents_overview import documents_overview
from integrations.xero_sandbox.back_office.finding_records import (
    ActRefusedError,
    organisation_called,
    usual_organisations,
)
from integrations.xero_sandbox.back_office.grants import GrantWish, grant_tokens
from integrations.xero_sandbox.back_office.open_organisation import open_organisation
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.organisation_records import Organisation
from integrations.xero_sandbox.demo_books.demo_organisations import open_copies
from integrations.xero_sandbox.faults.fault_rules import FaultNotUnderstoodError
from integrations.xero_sandbox.journal import entry_as_json
from integrations.xero_sandbox.switches import UnknownSwitchError
from integrations.xero_sandbox.virtual_clock import ClockIsNotVirtualError
from integrations.xero_sandbox.wire.http_messages import Answer, Request, json_answer

if TYPE_CHECKING:
    from integrations.xero_sandbox.sandbox import Sandbox

Json = dict[str, Any]
USUAL_LIMIT = 1000
# The last four are what a body of the wrong shape comes to.
WRONG = (
    ActRefusedError, FaultNotUnderstoodError, UnknownSwitchError, ClockIsNotVirtualError, KeyError, ValueError,
    TypeError, AttributeError, OverflowError,
)  # fmt: skip


class AdminApi:
    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._ways: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "health"): self._health,
            ("POST", "reset"): self._reset,
            ("POST", "grants"): self._grants,
            ("POST", "acts"): self._acts,
            ("GET", "documents"): self._documents,
            ("GET", "organisations"): self._organisations,
            ("POST", "organisations"): self._open_organisation,
            ("POST", "organisations/copies"): self._open_copies,
            ("GET", "journal"): self._journal,
            ("GET", "journal/counts"): self._counts,
            ("GET", "changes"): self._changes,
            **AdminControls(sandbox).ways,
        }

    def answer(self, request: Request) -> Answer:
        name = "/".join(request.segments[1:])
        way = self._ways.get((request.method, name))
        if way is None:
            known = sorted(f"{method} /_sandbox/{path}" for method, path in self._ways)
            return json_answer({"error": "There is no such address.", "known": known}, status=404)
        try:
            return json_answer(way(request))
        except WRONG as error:
            words = f"missing {error}" if isinstance(error, KeyError) else str(error)
            return json_answer({"error": words}, status=400)

    def _health(self, _request: Request) -> Json:
        sandbox = self._sandbox
        return {
            "sandbox": True,
            "name": "xero",
            "clock": sandbox.clock.mode,
            "now": sandbox.clock.now().isoformat(),
            "limits": "real" if sandbox.throttle.limits.is_enforced else "off",
        }

    def _reset(self, _request: Request) -> Json:
        self._sandbox.reset()
        return {"reset": True}

    def _grants(self, request: Request) -> Json:
        """`{"organisations": [names or ids; empty = all], "scopes": [...], "client_id": …}`: a token set."""
        body = json_body(request)
        wish = GrantWish(
            organisations=list(body.get("organisations") or []),
            scopes=tuple(body.get("scopes") or sorted(GRANULAR_SCOPES)),
            client_id=str(body.get("client_id", "sandbox-client")),
            issuer=request.origin,
            now=self._sandbox.clock.now(),
        )
        return grant_tokens(wish, store=self._sandbox.store, issuer=self._sandbox.issuer)

    def _acts(self, request: Request) -> Json:
        sandbox = self._sandbox
        return perform(json_body(request), store=sandbox.store, switches=sandbox.switches, clock=sandbox.clock)

    def _documents(self, request: Request) -> Json:
        """`?organisation=` (all if absent), and equalities on any field of the answer, such as `status=PAID`."""
        filters = dict(request.query)
        wanted = filters.pop("organisation", "")
        organisations = (
            [organisation_called(self._sandbox.store, wanted)] if wanted else usual_organisations(self._sandbox.store)
        )
        shown = [
            document
            for organisation in organisations
            for document in documents_overview(
                CompanyBooks(self._sandbox.store, organisation.organisation_id), filters=filters
            )
        ]
        return {"count": len(shown), "documents": shown}

    def _organisations(self, _request: Request) -> Json:
        return _shown(usual_organisations(self._sandbox.store))

    def _open_copies(self, request: Request) -> Json:
        """`{"like": name or id, "count": 20}`: so many more with the books that this one had at the start."""
        body, store = json_body(request), self._sandbox.store
        return _shown(open_copies(store, of=organisation_called(store, str(body["like"])), count=int(body["count"])))

    def _open_organisation(self, request: Request) -> Json:
        """`{"id", "name", "base_currency", "currencies", "accounts", …}`: books with the settings of a real one."""
        return open_organisation(json_body(request), store=self._sandbox.store)

    def _journal(self, request: Request) -> Json:
        """`?since=` a number, `organisation=`, `path=` (a part of it), `method=`, `limit=`."""
        query = request.query
        organisation = query.get("organisation", "")
        organisation_id = organisation_called(self._sandbox.store, organisation).organisation_id if organisation else ""
        found = [
            entry
            for entry in self._sandbox.journal.entries(since=int(query.get("since", "0")))
            if organisation_id in {"", entry.organisation_id}
            and query.get("path", "") in entry.path
            and query.get("method", entry.method) == entry.method
        ]
        shown = found[: int(query.get("limit", str(USUAL_LIMIT)))]
        return {"count": len(found), "entries": [entry_as_json(entry) for entry in shown]}

    def _counts(self, _request: Request) -> Json:
        counts = self._sandbox.journal.counts
        return {
            "counts": [
                {"method": method, "path": path, "status": status, "count": count}
                for (method, path, status), count in sorted(counts.items())
            ],
            "total": sum(counts.values()),
        }

    def _changes(self, request: Request) -> Json:
        """Every state change, in order: what was created, updated or removed, by which request."""
        changes = self._sandbox.journal.changes(since=int(request.query.get("since", "0")))
        return {"changes": changes[: int(request.query.get("limit", str(USUAL_LIMIT)))]}


def _shown(organisations: list[Organisation]) -> Json:
    return {
        "organisations": [
            {
                "id": each.organisation_id,
                "name": each.name,
                "short_code": each.short_code,
                "base_currency": each.base_currency,
                "country": each.country_code,
            }
            for each in organisations
        ]
    }

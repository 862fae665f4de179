"""From a request to its answer: which part of the sandbox it is for, and what befalls it on the way."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import format_datetime

from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.back_office.admin_api import AdminApi
from integrations.xero_sandbox.back_office.back_office_pages import BackOffice
from integrations.xero_sandbox.faults.fault_rules import FaultNotUnderstoodError
from integrations.xero_sandbox.faults.mischief import mischief_of
from integrations.xero_sandbox.identity.authorise_pages import AUTHORISE_PATH
from integrations.xero_sandbox.identity.connections_resource import delete_connection, list_connections
from integrations.xero_sandbox.identity.discovery import DISCOVERY_PATH, configuration
from integrations.xero_sandbox.journal import Entry, answered_now
from integrations.xero_sandbox.page_templates import STYLE_PATH, style_sheet
from integrations.xero_sandbox.sandbox import Sandbox
from integrations.xero_sandbox.troubled_api import InFlight, TroubledApi
from integrations.xero_sandbox.wire.http_messages import Answer, Request, json_answer, text_answer

LOG = logging.getLogger(__name__)
API_PREFIX = "/api.xro"
PREFIXES_WITH_FAULTS = (API_PREFIX, "/connect/", "/connections")


class Application:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._admin = AdminApi(sandbox)
        self._api = TroubledApi(sandbox)
        self._back_office = BackOffice(sandbox.store, sandbox.clock)

    @asynccontextmanager
    async def answering(self, request: Request) -> AsyncIterator[Answer]:
        """The answer, while it is being sent; leaving the block means that it has been, or that sending failed."""
        sandbox = self._sandbox
        started = time.monotonic()
        is_own = request.path.startswith("/_sandbox/") or request.path == STYLE_PATH
        answered_now.set(0)
        entry = None if is_own else sandbox.journal.begin(request, sandbox.clock.now())
        in_flight = InFlight()
        answer = Answer(status=500)
        delivered = "no"
        try:
            answer = await self._answer_or_500(request, entry, in_flight)
            yield answer
            delivered = "yes" if answer.delivery.send_head and answer.delivery.cut_after is None else "cut"
        finally:
            if in_flight.client_id:
                sandbox.throttle.leave(in_flight.client_id, in_flight.organisation_id)
            if entry is not None:
                sandbox.journal.finish(entry, answer, seconds=time.monotonic() - started, delivered=delivered)

    async def _answer_or_500(self, request: Request, entry: Entry | None, in_flight: InFlight) -> Answer:
        """A fault of the sandbox's own is told on its error output; the client gets what Xero would give."""
        try:
            return await self._answer(request, entry, in_flight)
        except Exception:
            LOG.exception("%s %s", request.method, request.target)
            return text_answer("An error occurred.", status=500)

    async def _answer(self, request: Request, entry: Entry | None, in_flight: InFlight) -> Answer:
        if entry is None:
            return style_sheet() if request.path == STYLE_PATH else self._admin.answer(request)
        if not request.path.lower().startswith(PREFIXES_WITH_FAULTS):
            return self._page_or_identity(request, self._sandbox.clock.now())
        try:
            rules = self._sandbox.faults.choose(request)
        except FaultNotUnderstoodError as error:
            return text_answer(str(error), status=400)
        entry.faults = tuple(rule.fault for rule in rules)
        mischief = mischief_of(rules)
        now = self._sandbox.clock.now() + mischief.skew
        if request.path.lower().startswith(API_PREFIX):
            answer = await self._api.answer(request, mischief, entry, in_flight)
        else:
            await self._api.pause(mischief)
            answer = Answer(status=0) if mischief.prevents_work else self._page_or_identity(request, now)
            answer = mischief.stand_in or answer
        return mischief.alter(answer.with_headers(("Date", format_datetime(now, usegmt=True))))

    def _page_or_identity(self, request: Request, now: datetime) -> Answer:
        return self._identity(request, now) or self._back_office.answer(request, self._sandbox.switches) or not_found()

    def _identity(self, request: Request, now: datetime) -> Answer | None:
        sandbox = self._sandbox
        path = request.path.lower().rstrip("/")
        if request.method == "DELETE" and path.startswith("/connections/"):
            return delete_connection(request, request.segments[-1], store=sandbox.store, now=now)
        ways: dict[tuple[str, str], Callable[[], Answer]] = {
            ("GET", AUTHORISE_PATH): lambda: sandbox.authorise_pages.show(request, switches=sandbox.switches),
            ("POST", "/identity/connect/login"): lambda: sandbox.authorise_pages.sign_in(request),
            ("POST", "/identity/connect/consent"): lambda: sandbox.authorise_pages.decide(
                request, switches=sandbox.switches, now=now
            ),
            ("POST", "/connect/token"): lambda: sandbox.tokens.token(request, switches=sandbox.switches, now=now),
            ("POST", "/connect/revocation"): lambda: sandbox.tokens.revoke(request),
            ("GET", DISCOVERY_PATH): lambda: configuration(request),
            ("GET", f"{DISCOVERY_PATH}/jwks"): lambda: json_answer(sandbox.signer.public_keys()),
            ("GET", "/connections"): lambda: list_connections(request, store=sandbox.store, now=now),
        }
        way = ways.get((request.method, path))
        return way() if way else None

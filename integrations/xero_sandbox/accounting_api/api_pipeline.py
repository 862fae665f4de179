"""The way of one request through the accounting API: checks, limits, idempotency, resource."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from integrations.xero_sandbox.accounting_api import idempotent_replies
from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.api_routes import Route, find_routes
from integrations.xero_sandbox.accounting_api.element_writes import NoDataError
from integrations.xero_sandbox.accounting_api.error_responses import (
    accept_refused,
    media_type_refused,
    method_not_allowed,
    no_data_refused,
    not_found,
    post_data_refused,
    query_refused,
    too_many,
)
from integrations.xero_sandbox.accounting_api.header_checks import Caller, check_caller
from integrations.xero_sandbox.accounting_api.rendered_lists import RenderedLists
from integrations.xero_sandbox.accounting_api.throttling import Throttle
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.identity_records import App, StoredReply
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.rules.findings import UnknownRecordError
from integrations.xero_sandbox.rules.query_tokens import QueryParseError
from integrations.xero_sandbox.switches import Switches
from integrations.xero_sandbox.wire.http_messages import Answer, Request, text_answer
from integrations.xero_sandbox.wire.sent_fields import PostDataInvalidError
from integrations.xero_sandbox.wire.wire_dates import DateNotReadableError

WRITING = frozenset({"PUT", "POST"})
JSON_TYPES = frozenset({"application/json", "text/json"})
OWN_TYPES = ("application/pdf", "application/octet-stream")
Identified = tuple[Route, dict[str, str], Caller]


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A request that passed every check. `reply` is its reserved place among the idempotent replies."""

    request: Request
    route: Route
    parameters: dict[str, str]
    caller: Caller
    app: App
    reply: StoredReply | None


class SameKeyInFlightError(Exception):
    """The first request with this Idempotency-Key has not been answered yet."""


class ApiPipeline:
    def __init__(self, *, store: Store, throttle: Throttle) -> None:
        self._store = store
        self._throttle = throttle
        self._rendered_lists = RenderedLists()

    def identify(self, request: Request, now: datetime) -> Identified | Answer:
        """Which resource, for whom."""
        routes = find_routes(request.segments)
        if not routes:
            return not_found()
        matching = [(route, parameters) for route, parameters in routes if route.method == request.method]
        if not matching:
            return method_not_allowed()
        route, parameters = matching[0]
        caller = check_caller(request, route, self._store, now)
        return caller if isinstance(caller, Answer) else (route, parameters, caller)

    def throttled(self, found: Identified, now: datetime) -> Answer | None:
        """Limits come before idempotency: a replay consumes quota."""
        caller = found[2]
        refusal = self._throttle.admit(caller.token.client_id, caller.organisation_id, now)
        return None if refusal is None else too_many(refusal.problem, refusal.retry_after)

    def admit(
        self,
        request: Request,
        found: Identified,
        *,
        switches: Switches,
        now: datetime,
    ) -> Admitted | Answer:
        """Everything after the limits. Raises SameKeyInFlightError."""
        route, parameters, caller = found
        refused = _refused_media(request, route)
        if refused is not None:
            return refused
        app: App = self._store.get(App, caller.token.client_id)
        admitted = Admitted(request=request, route=route, parameters=parameters, caller=caller, app=app, reply=None)
        key = idempotent_replies.key_of(request)
        return self._with_key(admitted, key, switches, now) if key else admitted

    def execute(self, admitted: Admitted, *, switches: Switches, now: datetime) -> Answer:
        call = ApiCall(
            request=admitted.request,
            books=CompanyBooks(self._store, admitted.caller.organisation_id),
            app=admitted.app,
            switches=switches,
            now=now,
            rendered_lists=self._rendered_lists,
            parameters=admitted.parameters,
        )
        if admitted.request.method == "GET":
            return _answered(admitted.route, call)
        with self._store.transaction(f"{admitted.request.method} {admitted.request.path}"):
            mark = self._store.mark()
            answer = _answered(admitted.route, call, undo=lambda: self._store.undo_to(mark))
            if admitted.reply is not None:
                idempotent_replies.keep(self._store, admitted.reply, answer)
        return answer

    def keep_instead(self, admitted: Admitted, answer: Answer) -> None:
        """Store an answer that a fault gives in the place of the real one: Xero keeps internal errors too."""
        if admitted.reply is not None:
            with self._store.transaction("idempotency"):
                idempotent_replies.keep(self._store, admitted.reply, answer)

    def _with_key(self, admitted: Admitted, key: str, switches: Switches, now: datetime) -> Admitted | Answer:
        refused = idempotent_replies.refusal_of_key(key)
        if refused is not None:
            return refused
        client_id = admitted.app.client_id
        held = idempotent_replies.stored_reply(self._store, client_id, key, now)
        if held is not None:
            clash = idempotent_replies.mismatch(held, admitted.request)
            if clash is not None:
                return clash
            if held.status != idempotent_replies.RUNNING:
                return idempotent_replies.replayed(held)
            return self._second_in_flight(admitted, held, switches)
        with self._store.transaction("idempotency"):
            reply = idempotent_replies.reserve(self._store, client_id, key, admitted.request, now)
        return replace(admitted, reply=reply)

    def _second_in_flight(self, admitted: Admitted, held: StoredReply, switches: Switches) -> Admitted | Answer:
        """Nobody knows what Xero does here; the harshest reading protects from nothing."""
        if switches.same_key_in_flight == "process":
            return replace(admitted, reply=held)
        if switches.same_key_in_flight == "hold":
            raise SameKeyInFlightError(held.key)
        return text_answer(
            "A request with this Idempotency-Key is in progress.", status=int(switches.same_key_in_flight)
        )


def _answered(route: Route, call: ApiCall, undo: Any = None) -> Answer:
    try:
        return route.resource(call)
    except PostDataInvalidError as error:
        answer = post_data_refused(str(error))
    except NoDataError as error:
        answer = no_data_refused(str(error))
    except (QueryParseError, DateNotReadableError) as error:
        answer = query_refused(str(error))
    except UnknownRecordError:
        answer = not_found()
    if undo is not None:
        undo()
    return answer


def _refused_media(request: Request, route: Route) -> Answer | None:
    """JSON in and out; attachments take any type. `*/*` counts as JSON, though Xero itself would answer in XML."""
    accept = request.headers.get("accept", "*/*").lower()
    is_file = "Attachments" in route.pattern
    if not is_file and not any(kind in accept for kind in ("json", "*/*", "application/*", *OWN_TYPES)):
        return accept_refused()
    if request.method in WRITING and request.body and not is_file:
        content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if content_type not in JSON_TYPES:
            return media_type_refused()
    return None

"""Reads of background work: through the lane like every call, and behind what people send."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from integrations.accounting_log.asked_call import AskedCall
from integrations.connection.open_gateway import GatewayNotOpenError, open_gateway
from integrations.connection.read_times import ReadTimes
from integrations.lanes.claim_lane import HeldLane, claim_lane_of, held_lane, release
from integrations.lanes.fair_shares import Share
from integrations.lanes.heed_answer import heed_answer
from integrations.lanes.spend_call import spend_call
from integrations.xero_gateway.answers import NOT_FOUND, NOT_MODIFIED, Answer, NoAnswerError, NotJsonError, NotSentError
from integrations.xero_gateway.gateway import ACCOUNTING, PAGE_SIZE, Write, XeroGateway

# Source: developer.xero.com/documentation/api/accounting/quotes.
QUOTES_PAGE_SIZE = 100


class ReadPostponedError(Exception):
    """Nothing was read, and nothing is lost: try again at `retry_at`; None: a person must reconnect first."""

    def __init__(self, reason: str, *, retry_at: datetime | None) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


class LaneBusyError(ReadPostponedError):
    """Somebody else speaks to the organisation, or goes first; nobody has asked Xero anything."""


class ReadFailedError(ReadPostponedError):
    """Xero was asked and did not answer as it should. `calls`: all of the turn, that which failed last."""

    def __init__(self, reason: str, *, retry_at: datetime, calls: Sequence[AskedCall]) -> None:
        super().__init__(reason, retry_at=retry_at)
        self.calls = tuple(calls)


@dataclass(frozen=True, slots=True)
class XeroReader:
    """
    Reads for the holder of a lane. `share`: for whom its calls count; polling leaves most to the others.

    `calls`: that were made, in their order, for the accounting log.
    """

    held: HeldLane
    gateway: XeroGateway
    share: Share = Share.POLL
    calls: list[AskedCall] = field(default_factory=list)

    def read(self, resource: str, *, modified_since: datetime | None = None, **query: str | int) -> list[Any]:
        """The elements of one answer; none where nothing changed. Raises ReadPostponedError, LaneLostError."""
        path = f"/{resource}" + (f"?{urlencode(query)}" if query else "")
        ask = partial(self.gateway.read, resource, modified_since=modified_since, **query)
        return self._call(ask, resource, method="GET", path=path)

    def write(self, request: Write, resource: str) -> list[Any]:
        """
        The elements of the answer. Only for what may be repeated after a lost answer, since nothing is kept of it.

        Raises as `read`.
        """
        path = request.path.removeprefix(ACCOUNTING)
        return self._call(lambda: self.gateway.write(request), resource, method=request.method, path=path)

    def _call(self, ask: Callable[[], Answer], resource: str, *, method: str, path: str) -> list[Any]:
        with held_lane(self.held) as (lane, now):
            wait_until = spend_call(lane, share=self.share, now=now)
        if wait_until is not None:
            raise ReadPostponedError("Xero's limit is nearly used up", retry_at=wait_until)
        begun = time.monotonic()
        outcome = _outcome(ask)
        status, seconds = outcome.status if isinstance(outcome, Answer) else None, time.monotonic() - begun
        self.calls.append(AskedCall(method=method, path=path, status=status, seconds=seconds))
        with held_lane(self.held) as (lane, now):
            heed_answer(self.held, lane, outcome, now=now)
        if isinstance(outcome, Answer) and outcome.status in _EMPTY[_is_of_one(resource)]:
            return []
        if not isinstance(outcome, Answer) or not outcome.is_ok:
            shown = outcome if isinstance(outcome, Exception) else f"Xero answered {outcome.status}"
            raise self._failed(f"{resource} could not be read ({shown})", now=now)
        return self._elements(outcome, resource, now=now)

    def _elements(self, answer: Answer, resource: str, *, now: datetime) -> list[Any]:
        """An answer without its list proves nothing: least of all that there is nothing."""
        try:
            elements = answer.json().get(_list_name(resource))
        except NotJsonError as error:
            raise self._failed(f"{resource} came in a form that cannot be read", now=now) from error
        if not isinstance(elements, list):
            raise self._failed(f"{resource} came without its list", now=now)
        return elements

    def _failed(self, reason: str, *, now: datetime) -> ReadFailedError:
        return ReadFailedError(reason, retry_at=now + current_times(ReadTimes).trouble, calls=self.calls)

    def read_pages(self, resource: str, *, modified_since: datetime | None = None, **query: str | int) -> Iterator[Any]:
        """All elements, page by page. Raises as `read`."""
        page, has_more = 1, True
        while has_more:
            elements, has_more = self.read_page(resource, page, modified_since=modified_since, **query)
            yield from elements
            page += 1

    def read_page(
        self, resource: str, page: int, *, modified_since: datetime | None = None, **query: str | int
    ) -> tuple[list[Any], bool]:
        """
        A thousand elements, of quotes, which take no page size, a hundred; and whether there may be more behind.

        Raises as `read`.
        """
        sized: dict[str, str | int] = {} if resource == "Quotes" else {"pageSize": PAGE_SIZE}
        full = QUOTES_PAGE_SIZE if resource == "Quotes" else PAGE_SIZE
        elements = self.read(resource, modified_since=modified_since, **query, page=page, **sized)
        return elements, len(elements) >= full


def _outcome(ask: Callable[[], Answer]) -> Answer | Exception:
    try:
        return ask()
    except (NotSentError, NoAnswerError) as error:
        return error


@contextmanager
def reading_turn(*, tenant_id: int, connection_id: int) -> Iterator[XeroReader]:
    """Holds the lane while it lasts. Outside any scope. Raises ReadPostponedError where the lane is busy or paused."""
    held = claim_lane_of(tenant_id=tenant_id, connection_id=connection_id)
    if held is None:
        raise LaneBusyError("the lane is busy", retry_at=read_clock() + current_times(ReadTimes).busy)
    with held_lane(held) as (lane, now):
        is_paused = lane.paused_until is not None and lane.paused_until > now
    try:
        if is_paused:
            raise ReadPostponedError(lane.pause_reason, retry_at=lane.paused_until)
        yield XeroReader(held, open_gateway(tenant_id=tenant_id, connection_id=connection_id))
    except GatewayNotOpenError as error:
        raise ReadPostponedError(str(error), retry_at=error.retry_at) from error
    finally:
        release(held, next_at=lane.next_at, click_at=lane.click_at, seen_wakes=lane.wake_count)


def _is_of_one(resource: str) -> bool:
    """`Quotes/<id>` rather than `Quotes`."""
    return "/" in resource


# A list that did not change, and a document that is not there.
_EMPTY = {False: {NOT_MODIFIED}, True: {NOT_MODIFIED, NOT_FOUND}}


def _list_name(resource: str) -> str:
    """`Invoices/<id>` answers with Invoices, `Invoices/<id>/History` with HistoryRecords."""
    if resource.endswith("/History"):
        return "HistoryRecords"
    return "Organisations" if resource == "Organisation" else resource.partition("/")[0]

"""The accounting API under the faults that were chosen for a request."""

import asyncio
import time
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from integrations.xero_sandbox.accounting_api.api_pipeline import Admitted, Identified, SameKeyInFlightError
from integrations.xero_sandbox.accounting_api.idempotent_replies import key_of
from integrations.xero_sandbox.faults.mischief import Mischief
from integrations.xero_sandbox.journal import Entry
from integrations.xero_sandbox.wire.http_messages import Answer, Request, text_answer

if TYPE_CHECKING:
    from integrations.xero_sandbox.sandbox import Sandbox

WAIT_FOR_FIRST = 0.02
LONGEST_WAIT_FOR_FIRST = 60.0


@dataclass(slots=True)
class InFlight:
    """Whose call it is, once that is known; the throttle counts it until the answer is sent."""

    client_id: str = ""
    organisation_id: str = ""


class TroubledApi:
    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    async def answer(self, request: Request, mischief: Mischief, entry: Entry, in_flight: InFlight) -> Answer:
        sandbox = self._sandbox
        found = sandbox.pipeline.identify(request, sandbox.clock.now() + mischief.skew)
        if isinstance(found, Answer):
            return found
        caller = found[2]
        entry.client_id, entry.organisation_id = caller.token.client_id, caller.organisation_id
        in_flight.client_id, in_flight.organisation_id = entry.client_id, entry.organisation_id
        sandbox.throttle.enter(entry.client_id, entry.organisation_id)
        answer = await self._worked_off(request, found, mischief)
        headers = sandbox.throttle.headers(entry.client_id, entry.organisation_id, sandbox.clock.now())
        return answer.with_headers(*headers)

    async def pause(self, mischief: Mischief) -> None:
        if mischief.pause:
            await asyncio.sleep(self._sandbox.clock.real_seconds(mischief.pause))

    async def _worked_off(self, request: Request, found: Identified, mischief: Mischief) -> Answer:
        """Limits and the Idempotency-Key are looked at on arrival, so a slow request is in flight while it waits."""
        if mischief.prevents_work:
            await self.pause(mischief)
            return mischief.stand_in or Answer(status=500)
        if mischief.key_store_down and key_of(request):
            return text_answer("The idempotency store is unavailable.", status=500)
        admitted = await self._admitted(request, found)
        if isinstance(admitted, Answer):
            return admitted
        await self.pause(mischief)
        if mischief.late_commit is not None:
            self._commit_later(admitted, mischief, mischief.late_commit)
            return mischief.stand_in or Answer(status=503)
        if mischief.cached and not mischief.commits:
            return self._kept(admitted, mischief.stand_in or Answer(status=500))
        answer = self._executed(admitted, mischief)
        if mischief.stand_in is None:
            return answer
        return self._kept(admitted, mischief.stand_in) if mischief.cached else mischief.stand_in

    def _kept(self, admitted: Admitted, stand_in: Answer) -> Answer:
        self._sandbox.pipeline.keep_instead(admitted, stand_in)
        return stand_in

    async def _admitted(self, request: Request, found: Identified) -> Admitted | Answer:
        """Waits for the first request with the same key where the switch says so."""
        sandbox = self._sandbox
        refusal = sandbox.pipeline.throttled(found, sandbox.clock.now())
        if refusal is not None:
            return refusal
        give_up_at = time.monotonic() + LONGEST_WAIT_FOR_FIRST
        while True:
            try:
                return sandbox.pipeline.admit(request, found, switches=sandbox.switches, now=sandbox.clock.now())
            except SameKeyInFlightError:
                if time.monotonic() > give_up_at:
                    return text_answer("The first request with this key is still running.", status=500)
                await asyncio.sleep(WAIT_FOR_FIRST)

    def _commit_later(self, admitted: Admitted, mischief: Mischief, seconds: float) -> None:
        this_request = copy_context()
        commit = partial(this_request.run, self._executed, admitted, mischief)
        self._sandbox.clock.call_later(timedelta(seconds=seconds), commit)

    def _executed(self, admitted: Admitted, mischief: Mischief) -> Answer:
        sandbox = self._sandbox
        now = sandbox.clock.now() + mischief.skew
        if mischief.read_lag:
            newer = sandbox.recent_changes.since(sandbox.clock.now() - timedelta(seconds=mischief.read_lag))
            with sandbox.store.rewound(newer):
                return sandbox.pipeline.execute(admitted, switches=sandbox.switches, now=now)
        return sandbox.pipeline.execute(admitted, switches=sandbox.switches, now=now)

"""Virtual time for our own code: the database's clock stands still until it is moved, together with the sandbox's."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests

from freightbridge.tenancy.scope import directory_scope
from integrations.lanes.claim_lane import next_lane_due_at
from integrations.outbox.deliver import deliver_due
from tests.virtual_database_clock import VirtualClock, virtual_database_clock

SECONDS = 60
# Where a lane is due that could not be served.
LEAST_STEP = timedelta(milliseconds=10)


@dataclass(frozen=True, slots=True)
class VirtualMinutes:
    """`sandbox`: the clock's address."""

    clock: VirtualClock
    sandbox: str

    def move_to(self, moment: datetime) -> None:
        """Forward only."""
        self.clock.set(moment)
        requests.post(self.sandbox, json={"set": moment.isoformat()}, timeout=SECONDS).raise_for_status()

    def deliver_until(self, end: datetime) -> None:
        """
        Every lane as soon as it is due. Calls take no time here, so that as many workers as could ever be of use are at
        work, and Xero's quota alone is what they wait for.
        """
        while self.clock.now < end:
            if deliver_due(time.monotonic() + SECONDS):
                continue
            with directory_scope():
                due_at = next_lane_due_at() or end
            self.move_to(min(end, max(due_at, self.clock.now + LEAST_STEP)))


@contextmanager
def virtual_minutes(sandbox: str) -> Iterator[VirtualMinutes]:
    """`sandbox`: the address of one that was started with a virtual clock. In a scratch database."""
    address = f"{sandbox}/_sandbox/clock"
    now = datetime.fromisoformat(requests.get(address, timeout=SECONDS).json()["now"])
    with virtual_database_clock(now) as clock:
        yield VirtualMinutes(clock, address)

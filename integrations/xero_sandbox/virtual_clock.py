"""The sandbox's one clock: real time, a virtual time that tests move, or real time at sixty times its speed."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SPEEDS = {"real": 1.0, "x60": 60.0, "virtual": 0.0}


class ClockIsNotVirtualError(Exception):
    """Only a clock started as virtual can be moved."""


class SandboxClock:
    """Tells the time and runs what was planned for later, at its own speed."""

    def __init__(self, *, mode: str = "real") -> None:
        self.mode = mode
        self._speed = SPEEDS[mode]
        self._started = time.time()
        self._monotonic_start = time.monotonic()
        self._moved = timedelta(0)
        self._planned: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._planned_changed = asyncio.Event()

    def now(self) -> datetime:
        elapsed = (time.monotonic() - self._monotonic_start) * self._speed
        return datetime.fromtimestamp(self._started + elapsed, UTC) + self._moved

    def real_seconds(self, seconds: float) -> float:
        """How long a wait of so many sandbox seconds lasts on the wall; a virtual clock does not stretch it."""
        return seconds / (self._speed or 1.0)

    def catch_up(self, moment: datetime) -> None:
        """A virtual clock goes on from where it stood when its state was saved."""
        if self.mode == "virtual" and moment > self.now():
            self._moved += moment - self.now()

    def advance(self, by: timedelta) -> datetime:
        """Move a virtual clock and run, in order, what falls due on the way."""
        if self.mode != "virtual":
            raise ClockIsNotVirtualError(self.mode)
        target = self.now() + by
        while self._planned and self._planned[0][0] <= target:
            self._moved += max(self._planned[0][0] - self.now(), timedelta(0))
            heapq.heappop(self._planned)[2]()
        self._moved += target - self.now()
        return target

    def call_later(self, after: timedelta, callback: Callable[[], object]) -> None:
        heapq.heappush(self._planned, (self.now() + after, next(self._numbers), callback))
        self._planned_changed.set()

    def forget_plans(self) -> None:
        self._planned.clear()

    async def run_plans(self) -> None:
        """Run planned calls for ever; a virtual clock runs them while it is advanced instead."""
        while self.mode != "virtual":
            self._planned_changed.clear()
            while self._planned and self._planned[0][0] <= self.now():
                heapq.heappop(self._planned)[2]()
            wait = self._real_seconds_to_next_plan()
            try:
                await asyncio.wait_for(self._planned_changed.wait(), wait)
            except TimeoutError:
                continue

    def _real_seconds_to_next_plan(self) -> float | None:
        if not self._planned:
            return None
        return max((self._planned[0][0] - self.now()).total_seconds() / self._speed, 0.0)

"""Workers that are killed by SIGKILL at the points of the crash table, each in an organisation of its own."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from freightbridge.background_work import wake_worker
from freightbridge.background_work.sweeper import EVERY_SECONDS
from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection import refresh_grant
from integrations.lanes.lane_times import LaneTimes
from integrations.mapping.source import DocumentKind
from integrations.models import Heartbeat, SyncJob, XeroGrant
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.xero_gateway import sdk
from tests.conftest import make_tenant
from tests.outbox import crash_strikes
from tests.outbox.crash_points import CRASH_POINTS
from tests.outbox.crash_scene import Scene, deliver, nothing_more
from tests.xero_sandbox.company_client import Http
from tests.xero_sandbox.sandbox_process import SandboxProcess

# Of the longest wait; whoever is not settled by then is not going to be.
PATIENCE = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    words: str
    seconds: float


SETTLE_SECONDS = current_times(DeliveryTimes).settle.total_seconds()
SWEEP = Wait(words="found by the sweep", seconds=EVERY_SECONDS)
LEASE = Wait(words="when the lease is over", seconds=current_times(LaneTimes).lease.total_seconds())
# The look-up is due before that, and is made by whoever has the lane.
LOOK_UP = Wait(words="found by the look-up after the lease", seconds=max(LEASE.seconds, SETTLE_SECONDS))
QUIET = Wait(words="after the quiet time", seconds=current_times(DeliveryTimes).quiet.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    name: str
    wait: Wait
    strike: crash_strikes.Strike
    meanwhile: Callable[[Scene], None] = nothing_more
    before: Callable[[Scene], None] = nothing_more
    has_pdf: bool = False
    are_newcomers: bool = False


def _points(waits: dict[str, Wait]) -> Iterator[Point]:
    standing = {point.name: point for point in CRASH_POINTS}
    for name, wait in waits.items():
        one = standing[name]
        yield Point(
            name=name, wait=wait, strike=one.strikes, meanwhile=one.meanwhile, has_pdf=one.has_pdf,
            are_newcomers=one.are_newcomers,
        )  # fmt: skip


def _token_expired(scene: Scene) -> None:
    with tenant_scope(scene.tenant):
        XeroGrant.objects.update(expires_at=read_clock())


BEFORE_THE_WAKE_UP = Point(name="before the wake-up", wait=SWEEP, strike=crash_strikes.before_the_nudge)
LOOKED_UP = ("sent and killed in flight", "answer not stored", "cancelled while sending")
LEASED = (
    "claimed",
    "before the intent",
    "contact not stored",
    "attached and not stored",
    "approving and nothing sent",
    "approved and not stored",
    "cancelled as a draft",
)
POINTS = [
    # Those that wait longest come first.
    *_points(dict.fromkeys(("intent committed and nothing sent", "cancelled and nothing was sent"), QUIET)),
    *_points(dict.fromkeys(LOOKED_UP, LOOK_UP)),
    *_points(dict.fromkeys(LEASED, LEASE)),
    Point(name="stored and not gone on with", wait=LEASE, strike=crash_strikes.stored("create")),
    Point(
        name="token refreshed and not stored",
        wait=LEASE,
        before=_token_expired,
        strike=crash_strikes.dies_entering(refresh_grant, "store_tokens"),
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class KilledWorker:
    """`killed_at`: seconds of the machine's clock, which the database's is too."""

    point: Point
    scene: Scene
    killed_at: float

    @classmethod
    def at(cls, point: Point, scenes: Iterator[Scene]) -> "KilledWorker":
        """In the first of the companies whose lane the other worker did not come upon by chance before this one."""
        return next(killed for scene in scenes if (killed := cls._in(scene, point)) is not None)

    @classmethod
    def _in(cls, scene: Scene, point: Point) -> "KilledWorker | None":
        scene.has_pdf, scene.are_newcomers = point.has_pdf, point.are_newcomers
        scene.set_up()
        point.before(scene)
        fork = get_context("fork")
        killed_at: Any = fork.Value("d", 0.0)
        # No socket is shared with who is going to die.
        connections.close_all()
        sdk.pool.cache_clear()
        worker = fork.Process(target=_work_until_killed, args=(point, scene, killed_at))
        worker.start()
        worker.join()
        if worker.exitcode == 0:
            return None
        assert worker.exitcode == -signal.SIGKILL, f"{point.name}: ended with {worker.exitcode}"
        point.meanwhile(scene)
        return cls(point=point, scene=scene, killed_at=killed_at.value)

    def seconds(self) -> float:
        """From the kill to the end, for which it waits. Raises AssertionError when it does not come."""
        give_up_at = self.killed_at + PATIENCE * max(self.point.wait.seconds, EVERY_SECONDS) + EVERY_SECONDS
        while True:
            with tenant_scope(self.scene.tenant):
                job = SyncJob.objects.get()
            if job.finished_at is not None:
                assert job.state == self._end, f"{self.point.name}: {job.state}"
                return job.finished_at.timestamp() - self.killed_at
            assert time.time() < give_up_at, f"{self.point.name}: {job.state} at {job.step}"
            time.sleep(0.05)

    @property
    def _end(self) -> str:
        return "cancelled" if self.point.name.startswith("cancelled") else "done"


def _work_until_killed(point: Point, scene: Scene, killed_at: Any) -> None:
    """What was handed over is delivered by the worker that the nudge reaches: this one."""
    with pytest.MonkeyPatch.context() as patch:

        def kill(_error: object) -> None:
            killed_at.value = time.time()
            os.kill(os.getpid(), signal.SIGKILL)

        patch.setattr(crash_strikes.KilledError, "__init__", kill)
        patch.setattr(wake_worker, "wake", lambda _queue, **_keywords: None)
        point.strike(scene, patch)
        scene.hand_over()
        deliver()


def companies(count: int) -> Iterator[Scene]:
    """Each with books of its own, once the worker that will go on has come up."""
    while not Heartbeat.objects.exists():
        time.sleep(0.1)
    sandbox = SandboxProcess(Http(settings.XERO_API_BASE_URL))
    opened = sandbox.admin("organisations/copies", {"like": "AU", "count": count})["organisations"]
    for number, organisation in enumerate(opened):
        yield Scene(
            tenant=make_tenant(f"company-{number}"), xero=sandbox, kind=DocumentKind.SALES_INVOICE, count=1,
            organisation=organisation["id"],
        )  # fmt: skip

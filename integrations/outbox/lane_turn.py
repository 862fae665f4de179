"""What a lane's holder keeps between the transactions of his turn; the lane is lost with it, and nothing else."""

import time
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import transaction

from integrations.lanes.claim_lane import HeldLane
from integrations.models import OrganisationLane
from integrations.outbox.count_starts import count_starts
from integrations.outbox.known_jobs import KnownJobs
from integrations.outbox.next_group import NextGroup, next_group
from integrations.outbox.settle_unknown import wants_look

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class LaneTurn:
    """
    `stop_at`: monotonic seconds. `most_files`: of the next round. `ahead`: what goes next, where the transaction
    before has chosen it.
    """

    held: HeldLane
    stop_at: float
    clicks_only: bool = False
    most_files: int = 1
    known: KnownJobs = field(default_factory=KnownJobs)
    ahead: NextGroup | None = None

    @property
    def goes_on(self) -> bool:
        return self.ahead is not None or time.monotonic() < self.stop_at

    def look_ahead(self, lane: OrganisationLane, *, now: datetime) -> None:
        """
        In `held_lane`, at the end of a transaction that has moved jobs on: what goes next needs none of its own. Where
        it cannot be chosen, what has happened stands nevertheless: the fault is met again in a transaction of its own.
        """
        if time.monotonic() >= self.stop_at:
            return
        try:
            with transaction.atomic():
                self.ahead = self.choose(lane, now=now)
        except Exception:
            if transaction.get_rollback():
                # The connection is lost, and what has happened with it.
                raise
            log.exception("next call not chosen")
            self.forget()

    def choose(self, lane: OrganisationLane, *, now: datetime) -> NextGroup:
        """The jobs of the next call or round, counted as begun. In `held_lane`, whose lane it is."""
        if wants_look(self.held, now=now):
            return NextGroup(wants_look=True)
        chosen = next_group(self.held, lane, clicks_only=self.clicks_only, most_files=self.most_files, now=now)
        if chosen.group is not None:
            count_starts(chosen.group)
        return chosen

    def take_ahead(self) -> NextGroup | None:
        chosen, self.ahead = self.ahead, None
        return chosen

    def forget(self) -> None:
        """After what failed and was undone, or changed jobs without telling."""
        self.ahead = None
        self.known.forget()

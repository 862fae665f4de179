"""A sync job as a value, the moment at which something happens to it, and what is decided. Pure, like `decide`."""

import random
from dataclasses import dataclass
from datetime import datetime

from integrations.job_states import OPEN_STATES, JobState, Operation, Step
from integrations.mapping.problems import Problem
from integrations.mapping.source import DocumentKind
from integrations.outbox.delivery_times import DeliveryTimes

# Done twice they would leave two things behind, so a lost answer is looked up before they are done again.
UNREPEATABLE = frozenset({Step.CREATE, Step.ALLOCATE, Step.NOTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSnapshot:
    """The fields of a SyncJob that decisions read or change, under the same names."""

    operation: str
    kind: str
    state: str
    step: str
    target_status: str
    wants_pdf: bool
    has_pdf: bool
    is_attached: bool
    contact_id: str
    xero_id: str
    generation: int
    retry_count: int
    started_count: int
    goes_alone: bool
    next_at: datetime
    first_sent_at: datetime | None = None
    first_sent_tick: int | None = None
    unknown_since: datetime | None = None
    cancel_requested_at: datetime | None = None
    paused_at: datetime | None = None
    is_adopted: bool = False
    finished_at: datetime | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def must_look(self) -> bool:
        """What Xero holds must be read before anything else is done."""
        return self.state == JobState.UNKNOWN or (self.is_open and self.step == Step.LOOK)

    @property
    def is_promoted_later(self) -> bool:
        """
        First a draft, then its target status, by the id that we stored. A quote moves no ledger and takes its
        status at once; an update leaves the status as it is.
        """
        is_quote = self.kind == DocumentKind.QUOTE
        return self.operation == Operation.CREATE and self.target_status != "DRAFT" and not is_quote

    @property
    def may_be_cancelled_for_free(self) -> bool:
        return self.first_sent_at is None and not self.xero_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """
    When something happens: by the database's clock and by the heartbeat, with the waiting times that hold.

    `rng` spreads waiting times; nothing secret depends on it.
    """

    now: datetime
    ticks: int
    times: DeliveryTimes
    rng: random.Random


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """`result` is one of LogResult's values."""

    result: str
    event: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The job as it is now, and what the accounting log says of it (nothing, where nothing happened for people)."""

    job: JobSnapshot
    log: tuple[LogLine, ...] = ()

"""How far batches have come, from the rows themselves: closing the page or restarting a worker changes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from integrations.job_states import OPEN_STATES, JobState, Step
from integrations.models import BatchMember, SendBatch, SyncJob
from integrations.models.send_batch import MemberOutcome
from integrations.web.finish_time import duration_text

# How far a document is when it stands before a step; approved documents are all the way.
WAY = {Step.CONTACT: 0.0, Step.CREATE: 0.2, Step.ATTACH: 0.4, Step.PROMOTE: 0.8}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProgress:
    """
    `documents` counts those made so far; `settled` of them have their answer, the last one at `last_at`. `unbegun`:
    shipments and documents that may still be cancelled without asking Xero.

    `way`: how much of all the way they have come together, from 0 to 1.
    """

    started_at: datetime
    selected: int
    waiting: int
    skipped: int
    documents: int
    settled: int
    in_xero: int
    stopped: int
    cancelled: int
    unbegun: int
    is_over: bool
    way: float
    last_at: datetime | None

    @property
    def total(self) -> int:
        return self.documents + self.waiting

    @property
    def took(self) -> str:
        return duration_text(self.last_at - self.started_at) if self.last_at else ""


def progress_of(batches: Iterable[SendBatch]) -> list[tuple[SendBatch, BatchProgress]]:
    """Two queries for any number. In the tenant's scope."""
    wanted = list(batches)
    outcomes: dict[int, dict[str, int]] = defaultdict(dict)
    members = BatchMember.objects.filter(batch__in=wanted).order_by().values_list("batch_id", "outcome")
    for batch_id, outcome, count in members.annotate(count=Count("id")):
        outcomes[batch_id][outcome] = count
    groups: dict[int, list[_Group]] = defaultdict(list)
    jobs = SyncJob.objects.filter(batch__in=wanted).order_by().values_list("batch_id", "state", "step")
    for batch_id, *group in jobs.annotate(count=Count("id"), last=Max("finished_at")):
        groups[batch_id].append(_Group(*group))
    return [(one, _progress(one, outcomes[one.pk], groups[one.pk])) for one in wanted]


@dataclass(frozen=True, slots=True)
class _Group:
    """Jobs of a batch that stand at the same place."""

    state: str
    step: str
    count: int
    last_at: datetime | None


def _progress(batch: SendBatch, outcomes: dict[str, int], groups: list[_Group]) -> BatchProgress:
    states: dict[str, int] = defaultdict(int)
    for group in groups:
        states[group.state] += group.count
    documents, waiting = sum(states.values()), outcomes.get(MemberOutcome.WAITING, 0) + len(batch.rest)
    open_count = sum(states[state] for state in OPEN_STATES)
    way = sum(group.count * (WAY.get(Step(group.step), 0) if group.state in OPEN_STATES else 1) for group in groups)
    return BatchProgress(
        started_at=batch.started_at,
        selected=sum(outcomes.values()) + len(batch.rest),
        waiting=waiting,
        skipped=outcomes.get(MemberOutcome.SKIPPED, 0),
        documents=documents,
        settled=documents - open_count,
        in_xero=states[JobState.DONE],
        stopped=states[JobState.REJECTED] + states[JobState.ATTENTION],
        cancelled=states[JobState.CANCELLED],
        unbegun=waiting + states[JobState.QUEUED],
        is_over=batch.prepared_at is not None and open_count == 0 and not batch.retried_by,
        way=way / (documents + waiting) if documents + waiting else 0,
        last_at=max((group.last_at for group in groups if group.last_at), default=None),
    )

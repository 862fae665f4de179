"""What a lane's holder finds to do."""

from datetime import datetime

from django.db.models import Min, Q, QuerySet

from integrations.job_states import JobState, Step
from integrations.lanes.claim_lane import HeldLane
from integrations.models import OrganisationLane, SyncJob
from integrations.models.sync_job import Priority
from integrations.outbox.choose_group import Candidate

# Two full calls of each step: enough to fill the next one.
MOST_CANDIDATES = 200
WORKABLE = Q(state__in=[JobState.QUEUED, JobState.SENDING])


def due_candidates(held: HeldLane, *, now: datetime) -> list[Candidate]:
    """In the order in which they are served; in the tenant's scope."""
    rows = _workable(held).filter(next_at__lte=now).order_by("priority", "next_at", "id")
    fields = ("id", "priority", "goes_alone", "step", "kind", "target_status", "next_at")
    return [
        Candidate(
            job_id=row[0],
            is_interactive=row[1] == Priority.INTERACTIVE,
            goes_alone=row[2],
            step=row[3],
            kind=row[4],
            target_status=row[5],
            next_at=row[6],
        )
        for row in rows.values_list(*fields)[:MOST_CANDIDATES]
    ]


def are_more_coming(held: HeldLane) -> bool:
    """Whether bulk jobs are still on their way to the last step."""
    return _workable(held).filter(priority=Priority.BULK).exclude(step=Step.PROMOTE).exists()


def load_jobs(job_ids: tuple[int, ...]) -> list[SyncJob]:
    """In the order of the ids, with their documents."""
    found = SyncJob.objects.select_related("document").in_bulk(job_ids)
    return [found[job_id] for job_id in job_ids]


def next_due_at(held: HeldLane) -> datetime | None:
    """When the lane has something to do; None: nothing is open."""
    moment: datetime | None = _workable(held).aggregate(first=Min("next_at"))["first"]
    return moment


def seen_wakes(held: HeldLane) -> int:
    """Read before the jobs are: whoever leaves work later raises it."""
    return OrganisationLane.objects.values_list("wake_count", flat=True).get(pk=held.lane_id)


def _workable(held: HeldLane) -> QuerySet[SyncJob]:
    return SyncJob.objects.filter(WORKABLE, connection=held.connection_id)

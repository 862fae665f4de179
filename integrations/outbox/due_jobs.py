"""What a lane's holder finds to do."""

from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from integrations.job_states import OPEN_STATES, JobState, Operation, Step
from integrations.lanes.claim_lane import HeldLane
from integrations.lanes.fair_shares import Share
from integrations.models import OrganisationLane, SyncJob
from integrations.models.sync_job import Priority
from integrations.outbox.choose_group import MOST_IN_A_CALL, Candidate

STEPS = [step for step in Step if step != Step.LOOK]
FIELDS = ("id", "goes_alone", "step", "kind", "target_status", "next_at")
PRIORITIES = {Share.INTERACTIVE: Priority.INTERACTIVE, Share.BULK: Priority.BULK}
# What is unknown, or begins with a look, is settled by `settle_unknown`, not by a call of its own.
WORKABLE = Q(state__in=[JobState.QUEUED, JobState.SENDING]) & ~Q(step=Step.LOOK)


def due_candidates(held: HeldLane, share: Share, *, now: datetime) -> list[Candidate]:
    """The first of each step, in the order in which they are served; in the tenant's scope. One query."""
    due = _workable(held).filter(priority=PRIORITIES[share], next_at__lte=now).order_by("next_at", "id")
    first, *others = [due.filter(step=step).values_list(*FIELDS)[:MOST_IN_A_CALL] for step in STEPS]
    rows = first.union(*others, all=True).order_by("next_at", "id")
    return [
        Candidate(job_id=row[0], goes_alone=row[1], step=row[2], kind=row[3], target_status=row[4], next_at=row[5])
        for row in rows
    ]


def are_more_coming(held: HeldLane) -> bool:
    """Whether bulk jobs are still on their way to the last step."""
    return _workable(held).filter(priority=Priority.BULK).exclude(step=Step.PROMOTE).exists()


def load_jobs(job_ids: tuple[int, ...]) -> list[SyncJob]:
    """In the order of the ids, with their documents."""
    found = SyncJob.objects.select_related("document").in_bulk(job_ids)
    return with_ids([found[job_id] for job_id in job_ids])


def with_ids(jobs: list[SyncJob]) -> list[SyncJob]:
    """A change of a document that was still on its way when the change was asked for finds its id now."""
    for job in jobs:
        if job.operation != Operation.CREATE:
            job.xero_id = job.xero_id or job.document.xero_id
    return jobs


def next_due_at(held: HeldLane, *, now: datetime, wait_until: datetime | None) -> datetime | None:
    """When the lane has something to do; None: nothing is open. `wait_until`: what is due already waits so long."""
    jobs = in_turn(_open_jobs(held))
    later = jobs if wait_until is None else jobs.filter(next_at__gt=now)
    moment: datetime | None = later.aggregate(first=Min("next_at"))["first"]
    return min((one for one in (moment, wait_until) if one is not None), default=None)


def next_click_at(held: HeldLane) -> datetime | None:
    """When it has something to do that a person waits for."""
    clicked = in_turn(_open_jobs(held).filter(priority=Priority.INTERACTIVE))
    moment: datetime | None = clicked.aggregate(first=Min("next_at"))["first"]
    return moment


def seen_wakes(held: HeldLane) -> int:
    """Read before the jobs are: whoever leaves work later raises it."""
    return OrganisationLane.objects.values_list("wake_count", flat=True).get(pk=held.lane_id)


def in_turn(jobs: QuerySet[SyncJob]) -> QuerySet[SyncJob]:
    """Changes of one document go one after the other, in the order in which people made them."""
    earlier = SyncJob.objects.filter(document=OuterRef("document"), pk__lt=OuterRef("pk"), state__in=OPEN_STATES)
    return jobs.filter(Q(operation=Operation.CREATE) | ~Exists(earlier))


def _open_jobs(held: HeldLane) -> QuerySet[SyncJob]:
    return SyncJob.objects.filter(connection=held.connection_id, state__in=OPEN_STATES)


def _workable(held: HeldLane) -> QuerySet[SyncJob]:
    return in_turn(SyncJob.objects.filter(WORKABLE, connection=held.connection_id))

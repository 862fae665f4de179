"""What a lane's holder finds to do."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Min, QuerySet

from integrations.job_states import OPEN_STATES, JobState, Operation, Step
from integrations.lanes.claim_lane import HeldLane
from integrations.lanes.fair_shares import Share
from integrations.models import OrganisationLane, SyncJob
from integrations.models.sync_job import Priority
from integrations.outbox.choose_group import MOST_CONTACTS, MOST_IN_A_CALL, Candidate, Group
from integrations.outbox.decisions import NEVER
from integrations.outbox.in_turn import IN_TURN, IN_TURN_PARAMETERS, in_turn
from integrations.outbox.retry_policy import is_suspect

SHARES = {Priority.INTERACTIVE: Share.INTERACTIVE, Priority.BULK: Share.BULK}
# What is unknown, or begins with a look, is settled by `settle_unknown`, not by a call of its own.
STEPS = [step for step in Step if step != Step.LOOK]
# Of fifty documents half a megabyte, and to read it takes longer than all else of a job.
OF_LINES = {"source", "mapped"}
NO_LINES = set[str]()
LINES_NEEDED = {Step.CONTACT: NO_LINES, Step.CREATE: {"mapped"}, Step.ATTACH: NO_LINES, Step.PROMOTE: {"mapped"}}
# Of each step a call's worth, and of contacts, which are mostly known and need none, all that are settled together.
MOST_OF_STEP = [MOST_CONTACTS if step == Step.CONTACT else MOST_IN_A_CALL for step in STEPS]
WORKABLE = [JobState.QUEUED, JobState.SENDING]

# A short look into the index for each priority and step, however many jobs are due.
CANDIDATES = f"""
    SELECT due.* FROM unnest(%s) AS asked (priority) CROSS JOIN unnest(%s, %s) AS begun (step, most)
    CROSS JOIN LATERAL (
        SELECT priority, id, goes_alone, step, kind, target_status, next_at, started_count FROM integrations_syncjob
        WHERE connection_id = %s AND state = ANY(%s) AND next_at <= %s
        AND priority = asked.priority AND step = begun.step AND {IN_TURN}
        ORDER BY next_at, id LIMIT begun.most
    ) AS due
    ORDER BY due.next_at, due.id
"""  # noqa: S608 both parts are constants


def due_candidates(held: HeldLane, *, now: datetime) -> dict[Share, list[Candidate]]:
    """The first of each step, in the order in which they are served; in the tenant's scope. One query."""
    found: dict[Share, list[Candidate]] = {share: [] for share in SHARES.values()}
    asked = (list(SHARES), STEPS, MOST_OF_STEP, held.connection_id, WORKABLE, now)
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, (*asked, *IN_TURN_PARAMETERS))
        for priority, *row in cursor.fetchall():
            found[SHARES[priority]].append(_candidate(*row))
    return found


def _candidate(
    job_id: int,
    goes_alone: bool,  # noqa: FBT001 the columns in their order
    step: str,
    kind: str,
    target_status: str,
    next_at: datetime,
    started_count: int,
) -> Candidate:
    return Candidate(
        job_id=job_id,
        goes_alone=goes_alone or is_suspect(started_count),
        step=step,
        kind=kind,
        target_status=target_status,
        next_at=next_at,
    )


def are_more_coming(held: HeldLane) -> bool:
    """Whether bulk jobs are still on their way to the last step."""
    on_their_way = [step for step in STEPS if step != Step.PROMOTE]
    bulk = SyncJob.objects.filter(connection=held.connection_id, priority=Priority.BULK)
    return in_turn(bulk.filter(state__in=WORKABLE, step__in=on_their_way, next_at__lt=NEVER)).exists()


def load_workable(group: Group) -> list[SyncJob]:
    """As they are now: a person may have given one up since the group was chosen."""
    return [job for job in load_jobs(group.job_ids, step=group.step) if is_workable(job, group.step)]


def is_workable(job: SyncJob, step: str) -> bool:
    return job.state in WORKABLE and job.step == step


def load_jobs(job_ids: tuple[int, ...], *, step: str = "") -> list[SyncJob]:
    """In the order of the ids, with their documents, and with no more of their lines than the step needs."""
    unneeded = OF_LINES - lines_needed(step) if step else ()
    return _in_order(SyncJob.objects.select_related("document").defer(*unneeded), job_ids)


def lines_needed(step: str) -> set[str]:
    return LINES_NEEDED.get(Step(step), OF_LINES)


def fill_in(jobs: Sequence[SyncJob], names: set[str]) -> None:
    """Reads those of the named fields that were left out. One query at most."""
    missing = sorted({name for job in jobs for name in names & job.get_deferred_fields()})
    if not missing:
        return
    of_job = {job.pk: job for job in jobs}
    for pk, *values in SyncJob.objects.filter(pk__in=of_job).values_list("pk", *missing):
        for name, value in zip(missing, values, strict=True):
            setattr(of_job[pk], name, value)


def load_again(jobs: Sequence[SyncJob]) -> list[SyncJob]:
    """As they are now, but for their lines: those are as they were sent, and nobody changes them meanwhile."""
    without_lines = SyncJob.objects.select_related("document").defer(*OF_LINES)
    fresh = _in_order(without_lines, [job.pk for job in jobs])
    for now, before in zip(fresh, jobs, strict=True):
        for name in OF_LINES - before.get_deferred_fields():
            setattr(now, name, getattr(before, name))
    return fresh


def _in_order(jobs: QuerySet[SyncJob], job_ids: Sequence[int]) -> list[SyncJob]:
    found = jobs.in_bulk(job_ids)
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


def _open_jobs(held: HeldLane) -> QuerySet[SyncJob]:
    """Without those that are paused, of which nothing is ever due."""
    return SyncJob.objects.filter(connection=held.connection_id, state__in=OPEN_STATES, next_at__lt=NEVER)

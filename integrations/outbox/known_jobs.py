"""
What a lane's holder knows of the jobs of its turn, so that no step reads again what the step before has written.

Whoever else changes a job wakes its lane first, which raises the lane's count (`wake_lane`). So as long as that stands
as it stood, what the holder read and wrote is what the rows hold; else all is forgotten, and read. Nothing of it
outlives the turn: after a crash the rows are all there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from integrations.job_states import OPEN_STATES, Operation
from integrations.models import OrganisationLane, SyncJob
from integrations.outbox.choose_group import Group
from integrations.outbox.due_jobs import fill_in, is_workable, lines_needed, load_again, load_jobs


@dataclass(slots=True)
class KnownJobs:
    """
    Only of jobs that create: a change waits until its document is created, so nobody else in the turn writes their
    documents. A transaction that fails leaves here what was never committed: then `forget`.
    """

    jobs: dict[int, SyncJob] = field(default_factory=dict)
    wake_count: int = -1

    def as_of(self, lane: OrganisationLane) -> None:
        """At the beginning of a transaction in `held_lane`, whose lane it is."""
        if lane.wake_count != self.wake_count:
            self.forget()
            self.wake_count = lane.wake_count

    def workable(self, group: Group) -> list[SyncJob]:
        """As they are now, counted as begun: a person may have given one up since the group was chosen."""
        jobs = [self.jobs[job_id] for job_id in group.job_ids if job_id in self.jobs]
        if len(jobs) == len(group.job_ids):
            for job in jobs:
                job.started_count += 1
            fill_in(jobs, lines_needed(group.step))
        else:
            jobs = load_jobs(group.job_ids, step=group.step)
            self._keep(jobs)
        return [job for job in jobs if is_workable(job, group.step)]

    def after_call(self, jobs: Sequence[SyncJob]) -> list[SyncJob]:
        """As they are now: while Xero was working a PDF may have been stored, or a person have stopped one."""
        if all(self.jobs.get(job.pk) is job for job in jobs):
            return list(jobs)
        fresh = load_again(jobs)
        self._keep(fresh)
        return fresh

    def forget_ended(self) -> None:
        self.jobs = {pk: job for pk, job in self.jobs.items() if job.state in OPEN_STATES}

    def forget(self) -> None:
        self.jobs.clear()

    def _keep(self, jobs: Sequence[SyncJob]) -> None:
        self.jobs |= {job.pk: job for job in jobs if job.operation == Operation.CREATE}

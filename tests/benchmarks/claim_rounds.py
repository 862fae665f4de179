"""An outbox in which every lane has a full call's worth of jobs, claimed by several processes at once, in rounds."""

import math
import time
import uuid
from copy import copy
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from django.db import connections

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import JobState, Step
from integrations.lanes.claim_lane import claim_due_lane, held_lane, held_scope
from integrations.lanes.new_lane import make_lane
from integrations.mapping.source import DocumentKind
from integrations.models import OrganisationLane, SyncJob, XeroConnection, XeroDocument
from integrations.outbox.choose_group import MOST_IN_A_CALL
from integrations.outbox.due_jobs import load_workable
from integrations.outbox.enqueue_job import Export, enqueue_creates
from integrations.outbox.lane_turn import LaneTurn
from tests.conftest import make_tenant
from tests.offline_company import offline_company
from tests.outbox.test_change_steps import document, invoice, sender


@dataclass(frozen=True, slots=True)
class ClaimRounds:
    tenant: Tenant
    jobs: int

    @classmethod
    def of(cls, *, lanes: int) -> "ClaimRounds":
        tenant = make_tenant("many-lanes")
        with tenant_scope(tenant):
            offline_company()
            source = document(DocumentKind.SALES_INVOICE, "A-1")
            exports = [Export(source=source, invoice_id=invoice(DocumentKind.SALES_INVOICE))]
            (pattern,) = enqueue_creates(exports, sender=sender(), now=read_clock())
            for number in range(lanes):
                _fill_lane(_connection(number), pattern)
            SyncJob.objects.filter(pk=pattern.pk).update(state=JobState.CANCELLED)
            OrganisationLane.objects.filter(connection=pattern.connection_id).update(next_at=None)
        return cls(tenant, lanes * MOST_IN_A_CALL)

    def jobs_a_second(self, workers: int, *, reads_rows: bool) -> float:
        """All of them by so many processes. Raises AssertionError where one was claimed twice, or none at all."""
        self._let_go()
        fork = get_context("fork")
        connections.close_all()
        begin, counted = fork.Barrier(workers + 1), fork.Value("i", 0)
        processes = [
            fork.Process(target=_claim_until_none_is_due, args=(begin, counted, reads_rows)) for _ in range(workers)
        ]
        for process in processes:
            process.start()
        begin.wait()
        began = time.perf_counter()
        for process in processes:
            process.join()
        took = time.perf_counter() - began
        assert counted.value == self.jobs, f"{counted.value} claims of {self.jobs} jobs"
        return self.jobs / took

    def _let_go(self) -> None:
        with tenant_scope(self.tenant):
            SyncJob.objects.filter(started_count__gt=0).update(started_count=0)
            OrganisationLane.objects.update(lease_until=None)


def _claim_until_none_is_due(begin: Any, counted: Any, reads_rows: bool) -> None:
    """As `deliver_due` does it, up to the planning of the call; the lane stays held."""
    # Opens the connection.
    read_clock()
    begin.wait()
    claimed = 0
    while (held := claim_due_lane()) is not None:
        with held_lane(held) as (lane, now):
            group = LaneTurn(held=held, stop_at=math.inf).choose(lane, now=now).group
        assert group is not None
        claimed += len(group.job_ids)
        if reads_rows:
            with held_scope(held):
                assert len(load_workable(group)) == len(group.job_ids)
    with counted.get_lock():
        counted.value += claimed


def _connection(number: int) -> XeroConnection:
    made = XeroConnection(organisation_id=uuid.uuid4(), name=f"Branch {number}", is_default=False)
    made.identity_key = "secret"
    made.save()
    make_lane(made, now=read_clock())
    OrganisationLane.objects.filter(connection=made).update(next_at=read_clock())
    return made


def _fill_lane(connection: XeroConnection, pattern: SyncJob) -> None:
    documents = [copy(pattern.document) for _ in range(MOST_IN_A_CALL)]
    for one in documents:
        one.pk, one.connection, one.invoice_id = None, connection, None
        one.identity, one.public_id = uuid.uuid4().hex[:26], uuid.uuid4()
        one._state.adding = True
    XeroDocument.objects.bulk_create(documents)
    jobs = [copy(pattern) for _ in documents]
    for job, one in zip(jobs, documents, strict=True):
        job.pk, job.connection, job.invoice_id, job.document = None, connection, None, one
        job.state, job.step, job.contact_id = JobState.QUEUED, Step.CREATE, uuid.uuid4()
        job.public_id = uuid.uuid4()
        job._state.adding = True
    SyncJob.objects.bulk_create(jobs)

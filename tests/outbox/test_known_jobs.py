"""A turn reads its jobs once, and again as soon as anybody else may have changed one."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import DatabaseError, connection
from structlog.testing import capture_logs

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import Operation, Step
from integrations.lanes.claim_lane import claim_due_lane, held_lane, wake_lane
from integrations.models import OrganisationLane, SendBatch, SyncAttempt, SyncJob
from integrations.outbox import deliver as delivery
from integrations.outbox.choose_group import MOST_CONTACTS, MOST_IN_A_CALL, Group
from integrations.outbox.count_starts import COUNT_START
from integrations.outbox.due_jobs import due_candidates
from integrations.outbox.known_jobs import KnownJobs
from integrations.outbox.lane_turn import LaneTurn
from invoices.models import Shipment
from invoices.workflows.prepare_batch import prepare_chunk
from tests.sending import Calls, click, company, deliver, jobs, send_all, shipments, store_pdfs
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
# Which count of starts comes with an answer of Xero's: contacts and drafts are begun before there is one.
WITH_ANSWER = 3


@pytest.fixture
def queued(tenant: Tenant, xero: SandboxProcess) -> Tenant:
    """Two documents of a customer whose contact is known."""
    company(tenant, xero)
    shipments(tenant, "10.00")
    send_all(tenant)
    with tenant_scope(tenant):
        customer = Shipment.objects.get().bill_to
    shipments(tenant, "20.00", "30.00", bill_to=customer)
    click(tenant)
    with tenant_scope(tenant):
        prepare_chunk(SendBatch.objects.latest("pk"), tenant=tenant, now=read_clock())
    return tenant


class Statements:
    """Of what is executed while it wraps the connection."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.made.append(sql)
        return execute(sql, *rest)


def group_of(tenant: Tenant, step: Step) -> Group:
    with tenant_scope(tenant):
        waiting = SyncJob.objects.filter(operation=Operation.CREATE, finished_at=None).order_by("id")
        return Group(step=step, job_ids=tuple(waiting.values_list("pk", flat=True)))


def test_job_that_nobody_else_changed_is_not_read_again(queued: Tenant) -> None:
    known, group = KnownJobs(), group_of(queued, Step.CONTACT)
    with tenant_scope(queued):
        known.as_of(OrganisationLane.objects.get())
        first = known.workable(group)
        SyncJob.objects.update(started_count=5)
        known.as_of(OrganisationLane.objects.get())

        again = known.workable(group)

    assert [one is other for one, other in zip(first, again, strict=True)] == [True, True]
    # Each time it is asked for it has been counted as begun.
    assert [job.started_count for job in again] == [1, 1]


def test_whoever_wakes_the_lane_makes_its_holder_read_again(queued: Tenant) -> None:
    known, group = KnownJobs(), group_of(queued, Step.CONTACT)
    with tenant_scope(queued):
        lane = OrganisationLane.objects.get()
        known.as_of(lane)
        before = known.workable(group)
        wake_lane(connection_id=lane.connection_id, at=read_clock())
        SyncJob.objects.filter(pk=group.job_ids[0]).update(state="cancelled", cancel_requested_at=read_clock())
        known.as_of(OrganisationLane.objects.get())

        assert [job.pk for job in known.workable(group)] == [group.job_ids[1]]
        assert known.after_call(before)[0].state == "cancelled"


def test_only_the_lines_are_read_later(queued: Tenant) -> None:
    known, contacts = KnownJobs(), group_of(queued, Step.CONTACT)
    with tenant_scope(queued):
        known.as_of(OrganisationLane.objects.get())
        for job in known.workable(contacts):
            job.step = Step.CREATE
        statements = Statements()
        with connection.execute_wrapper(statements):
            found = known.workable(Group(step=Step.CREATE, job_ids=contacts.job_ids))
            numbers = [job.mapped["number"] for job in found]  # type: ignore[index]

    assert numbers == ["INV-00002", "INV-00003"]
    assert len(statements.made) == 1


def test_changes_and_what_has_ended_are_not_kept(queued: Tenant) -> None:
    known, group = KnownJobs(), group_of(queued, Step.CONTACT)
    with tenant_scope(queued):
        SyncJob.objects.filter(pk=group.job_ids[0]).update(operation=Operation.NOTE)
        known.as_of(OrganisationLane.objects.get())
        known.workable(group)
        kept = set(known.jobs)
        known.jobs[group.job_ids[1]].state = "done"
        known.forget_ended()

    assert kept == {group.job_ids[1]}
    assert known.jobs == {}


def test_turn_reads_each_job_once(queued: Tenant) -> None:
    """One load, the customers' codes, the lines; then four steps and two calls go without."""
    statements = Statements()
    with connection.execute_wrapper(statements):
        deliver()

    read = [sql for sql in statements.made if sql.startswith('SELECT "integrations_syncjob"."id"')]
    assert jobs(queued, "state") == ["done"] * 3
    assert len(read) == 3


def test_person_who_acts_while_xero_works_is_heard(
    tenant: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PDF that is stored meanwhile goes with its document in the same turn."""
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00")
    click(tenant)
    send, calls = delivery._send_in_turn, Calls(xero)

    def sending(gateway: Any, planned: Any) -> Sequence[Any]:
        made = send(gateway, planned)
        if planned.intents[0].attempt.step == Step.CREATE:
            store_pdfs(tenant)
        return made

    monkeypatch.setattr(delivery, "_send_in_turn", sending)
    deliver()

    assert jobs(tenant, "state", "is_attached") == [("done", True)]
    assert calls.made("PUT")[-1] == "PUT Invoices/…/Attachments/…"


def test_outcome_stands_where_the_next_call_cannot_be_chosen(queued: Tenant, xero: SandboxProcess) -> None:
    calls = Calls(xero)

    with connection.execute_wrapper(next_start("SELECT 1 / 0")), capture_logs() as logged:
        deliver()

    assert [one["event"] for one in logged if one["log_level"] == "error"] == ["next call not chosen"]
    assert jobs(queued, "state") == ["done"] * 3
    assert calls.made() == ["PUT Invoices", "POST Invoices"]


def test_outcome_that_was_lost_with_the_connection_is_no_choice_that_failed(queued: Tenant) -> None:
    """The worker must hear of it: as long as it takes Xero's answer for written, nobody looks up what came of it."""
    hung_up = "SELECT pg_terminate_backend(pg_backend_pid())"

    with connection.execute_wrapper(next_start(hung_up)), pytest.raises(DatabaseError):
        deliver()

    connection.close()
    with tenant_scope(queued):
        assert SyncAttempt.objects.latest("pk").finished_at is None


def next_start(sql: str) -> Callable[..., Any]:
    """Once, in the place of the statement that counts the approval as begun."""
    counted = 0

    def replaced(execute: Any, statement: str, *rest: Any) -> Any:
        nonlocal counted
        counted += statement == COUNT_START
        is_next = statement == COUNT_START and counted == WITH_ANSWER
        return execute(sql if is_next else statement, None if is_next else rest[0], *rest[1:])

    return replaced


def test_known_contacts_are_told_to_many_jobs_together(queued: Tenant) -> None:
    with tenant_scope(queued):
        pattern = SyncJob.objects.filter(finished_at=None).latest("pk")
        names = [field.attname for field in SyncJob._meta.concrete_fields if field.name not in {"id", "public_id"}]
        fields = {name: getattr(pattern, name) for name in names}
        SyncJob.objects.bulk_create(
            SyncJob(**fields | {"revision": number}) for number in range(2, MOST_IN_A_CALL + 20)
        )
        OrganisationLane.objects.update(next_at=read_clock())
    held = claim_due_lane()
    assert held is not None
    with held_lane(held) as (lane, now):
        due = max(due_candidates(held, now=now).values(), key=len)
        chosen = LaneTurn(held=held, stop_at=time.monotonic() + 60).choose(lane, now=now).group

    assert chosen is not None
    assert chosen.step == Step.CONTACT
    assert MOST_IN_A_CALL < len(chosen.job_ids) == len(due) <= MOST_CONTACTS

"""A send that is paused, goes on, is cancelled, is tried again, and is taken along as a file."""

import csv
import io
import uuid

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.run_due_work import run_due
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, BatchMember, ChargeRule, OrganisationLane, SendBatch, SyncJob
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.decisions import NEVER
from integrations.outbox.job_events import ContactResolved
from invoices.models import Invoice, Shipment
from invoices.workflows import retry_batch
from invoices.workflows.prepare_batch import prepare_chunk
from invoices.workflows.send_to_accounting import send_to_accounting
from tests.conftest import NOW
from tests.web.page_company import Visitor, assessed, company, sent

PROBLEM = {"code": "FB-504", "subject": "", "words": {"differences": "total", "standing": "is a draft there"}}


@pytest.fixture
def moving(tenant: Tenant) -> list[SyncJob]:
    """A send of three: one is a draft in Xero, of the others nothing was sent."""
    company(tenant, attach_pdf=False)
    shipments = assessed(tenant, 3)
    with tenant_scope(tenant):
        batch = begun(shipments)
        while prepare_chunk(batch, tenant=tenant, now=NOW):
            pass
        first = SyncJob.objects.order_by("id").first()
        SyncJob.objects.filter(pk=first.pk).update(state="sending", step="promote", xero_id=uuid.uuid4(),
                                                   first_sent_at=NOW)  # fmt: skip
        return list(SyncJob.objects.order_by("id"))


def begun(shipments: list[Shipment]) -> SendBatch:
    """As a click on Send leaves it. In the tenant's scope."""
    selected = Shipment.objects.filter(pk__in=[one.pk for one in shipments])
    return send_to_accounting(selected, form_token=uuid.uuid4(), by="operator@acme-freight.example", now=NOW)


def states(tenant: Tenant) -> list[tuple[str, bool]]:
    """Of each job, and whether its turn ever comes."""
    with tenant_scope(tenant):
        return [(job.state, job.next_at < NEVER) for job in SyncJob.objects.order_by("id")]


def steered(tenant: Tenant) -> None:
    """The lanes are left alone, so that nothing is called."""
    with tenant_scope(tenant):
        OrganisationLane.objects.update(paused_until=NEVER)
    run_due(Queue.INTERACTIVE, seconds=5)


def test_pause_holds_what_nothing_was_sent_of_and_lets_the_rest_finish(
    tenant: Tenant, operator: Visitor, moving: list[SyncJob]
) -> None:
    operator.post("batch_pause", 1)
    steered(tenant)

    assert states(tenant) == [("sending", True), ("queued", False), ("queued", False)]
    page = operator.text("send_batch", 1)
    assert ">Paused<" in page
    assert "Go on" in page
    with tenant_scope(tenant):
        assert AuditEvent.objects.filter(action="send paused").count() == 1
        assert AccountingLogEntry.objects.filter(event="paused").count() == 2


def test_paused_send_goes_on(tenant: Tenant, operator: Visitor, moving: list[SyncJob]) -> None:
    operator.post("batch_pause", 1)
    steered(tenant)

    operator.post("batch_resume", 1)
    steered(tenant)

    assert states(tenant) == [("sending", True), ("queued", True), ("queued", True)]
    assert ">Paused<" not in operator.text("send_batch", 1)


def test_answer_that_comes_after_the_pause_does_not_let_its_job_slip_through(
    tenant: Tenant, operator: Visitor, moving: list[SyncJob]
) -> None:
    operator.post("batch_pause", 1)
    steered(tenant)

    with tenant_scope(tenant):
        job = SyncJob.objects.select_related("document").get(pk=moving[1].pk)
        happen([Happened(job, ContactResolved(str(uuid.uuid4())))], now=NOW)

    assert states(tenant)[1] == ("queued", False)


def test_send_that_is_paused_while_it_is_prepared_prepares_nothing_more(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    shipments = assessed(tenant, 2)
    with tenant_scope(tenant):
        begun(shipments)

    operator.post("batch_pause", 1)
    steered(tenant)
    paused = states(tenant)
    operator.post("batch_resume", 1)
    steered(tenant)

    assert paused == []
    assert states(tenant) == [("queued", True), ("queued", True)]


def test_cancel_takes_back_what_has_not_started_and_nothing_else(
    tenant: Tenant, operator: Visitor, moving: list[SyncJob]
) -> None:
    operator.post("batch_cancel", 1)
    steered(tenant)

    assert [state for state, _ in states(tenant)] == ["sending", "cancelled", "cancelled"]
    with tenant_scope(tenant):
        assert list(Invoice.objects.order_by("id").values_list("status", flat=True)) == ["approved", "voided", "voided"]
        ready = Shipment.objects.filter(sales_readiness="ready").count()
    assert ready == 2
    page = operator.text("send_batch", 1)
    assert "Not sent</dt>" in page
    assert 'data-open-dialog="cancel-rest"' not in page


def test_cancel_skips_shipments_that_were_not_prepared_yet(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    shipments = assessed(tenant, 2)
    with tenant_scope(tenant):
        begun(shipments)

    operator.post("batch_cancel", 1)
    steered(tenant)

    with tenant_scope(tenant):
        assert set(BatchMember.objects.values_list("outcome", "reason")) == {("skipped", "Cancelled before it began.")}
        assert SyncJob.objects.count() == 0
    assert ">Cancelled<" in operator.text("send_batch", 1)


def test_cancelled_send_does_not_go_on(tenant: Tenant, operator: Visitor, moving: list[SyncJob]) -> None:
    operator.post("batch_cancel", 1)
    operator.post("batch_resume", 1)

    assert "somebody was faster" in operator.text("send_batch", 1)
    with tenant_scope(tenant):
        assert SendBatch.objects.get().cancelled_at is not None


def test_only_the_failed_are_tried_again(tenant: Tenant, operator: Visitor) -> None:
    company(tenant, attach_pdf=False)
    sent(tenant, assessed(tenant, 2))
    sent(tenant, assessed(tenant, 2), state="attention", problems=[PROBLEM], problem_code="FB-504")

    assert "Retry only the failed (2)" in operator.text("send_batch", 2)
    operator.post("batch_retry", 2)
    assert "being tried again" in operator.text("send_batch", 2)
    steered(tenant)

    assert [state for state, _ in states(tenant)] == ["done", "done", "queued", "queued"]
    with tenant_scope(tenant):
        event = AuditEvent.objects.get(action="failed ones sent again")
        assert SendBatch.objects.get(number=2).retried_by == ""
    assert event.details == {"stopped": 2, "going": 2}


def test_failed_ones_are_tried_once_however_often_it_is_clicked(tenant: Tenant, operator: Visitor) -> None:
    company(tenant, attach_pdf=False)
    sent(tenant, assessed(tenant, 2), state="attention", problems=[PROBLEM], problem_code="FB-504")

    operator.post("batch_retry", 1)
    operator.post("batch_retry", 1)
    assert "are being tried again already" in operator.text("send_batch", 1)
    steered(tenant)

    with tenant_scope(tenant):
        assert AuditEvent.objects.filter(action="failed ones sent again").count() == 1
        assert AuditEvent.objects.filter(action="sent again").count() == 2


def test_failed_ones_are_tried_in_chunks_and_each_once_though_it_stops_again(
    tenant: Tenant, operator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    company(tenant, attach_pdf=False)
    sent(tenant, assessed(tenant, 3), state="attention", problems=[PROBLEM], problem_code="FB-504")
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
    monkeypatch.setattr(retry_batch, "CHUNK", 2)

    operator.post("batch_retry", 1)
    steered(tenant)

    assert [state for state, _ in states(tenant)] == ["attention"] * 3
    with tenant_scope(tenant):
        tried = AuditEvent.objects.filter(action="failed ones sent again").order_by("id")
        assert [event.details for event in tried] == [{"stopped": 2, "going": 0}, {"stopped": 1, "going": 0}]
    assert "Retry only the failed (3)" in operator.text("send_batch", 1)


def test_failed_ones_of_a_paused_send_go_when_they_are_asked_for(
    tenant: Tenant, operator: Visitor, moving: list[SyncJob]
) -> None:
    operator.post("batch_pause", 1)
    steered(tenant)
    with tenant_scope(tenant):
        SyncJob.objects.filter(pk=moving[2].pk).update(state="rejected", problems=[PROBLEM], problem_code="FB-504")

    operator.post("batch_retry", 1)
    steered(tenant)

    assert states(tenant)[1:] == [("queued", False), ("queued", True)]


def test_result_is_a_file_with_a_row_for_each_shipment_and_no_formula(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    good = assessed(tenant, number="SHP-GOOD")
    stuck = assessed(tenant, number="=HYPERLINK(1)", incoterm="")
    sent(tenant, [*good, *stuck])

    response = operator.get("batch_result", 1)

    table = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert response["Content-Disposition"] == 'attachment; filename="acme-freight-send-1.csv"'
    assert [(row["Shipment"], row["Outcome"], row["Total"], row["State"]) for row in table] == [
        ("SHP-GOOD", "Handed over", "1375.00", "In Xero"),
        ("'=HYPERLINK(1)", "Skipped", None, None),
    ]
    assert table[1]["Reason"] == "No Incoterm: a booking needs one."


def test_viewer_is_told_why_he_cannot_pause(tenant: Tenant, viewer: Visitor, moving: list[SyncJob]) -> None:
    assert "to send to accounting takes Admin or Operator" in viewer.text("send_batch", 1)
    assert viewer.post("batch_pause", 1).status_code == 403

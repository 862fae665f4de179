"""A rule that sets many free: the click is answered at once, and a worker tries them, each once."""

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import TRY_STOPPED
from integrations.models import ChargeRule, SyncJob
from integrations.models.xero_connection import XeroConnection
from integrations.outbox import try_stopped as trying
from integrations.outbox.try_stopped import try_stopped, trying_stopped_gave_up
from tests.web.page_company import REFUSED, UNMAPPED, Visitor, assessed, company, sent, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "AT_ONCE", 2)
    monkeypatch.setattr(trying, "CHUNK", 2)


@pytest.fixture
def admin(tenant: Tenant) -> Visitor:
    """Five documents were stopped because freight has no account, and one for a reason that no rule mends."""
    company(tenant)
    sent(tenant, assessed(tenant, 5), state="attention", problems=[UNMAPPED], problem_code="FB-301")
    sent(tenant, assessed(tenant, 1), state="attention", problems=[REFUSED], problem_code="FB-504")
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
    return visitor(tenant, "admin")


def states(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(SyncJob.objects.order_by("id").values_list("state", flat=True))


def asked(tenant: Tenant) -> Work:
    with tenant_scope(tenant):
        item = WorkItem.objects.get(kind=TRY_STOPPED)
    return Work(tenant_id=tenant.pk, subject_id=item.subject_id)


def test_click_saves_and_leaves_many_to_a_worker(tenant: Tenant, admin: Visitor) -> None:
    admin.post("map_charge", code="FRT", side="sales", account="200")
    said, before = admin.text("mapping_charges"), states(tenant)

    assert try_stopped(asked(tenant)) is None

    assert "5 stopped documents are being tried again; what the change sets free goes on by itself." in said
    assert (before, states(tenant)) == (["attention"] * 6, ["queued"] * 5 + ["attention"])


def test_few_go_on_with_the_click(tenant: Tenant, admin: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "AT_ONCE", 5)

    admin.post("map_charge", code="FRT", side="sales", account="200")

    assert "5 stopped documents go on." in admin.text("mapping_charges")
    assert states(tenant) == ["queued"] * 5 + ["attention"]
    with tenant_scope(tenant):
        assert not WorkItem.objects.filter(kind=TRY_STOPPED).exists()


def test_what_stays_stopped_is_tried_once_only(tenant: Tenant, admin: Visitor) -> None:
    admin.post("map_charge", code="FRT", side="sales", account="200")
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()

    assert try_stopped(asked(tenant)) is None

    assert states(tenant) == ["attention"] * 6


def test_long_work_goes_on_where_it_stopped(tenant: Tenant, admin: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    admin.post("map_charge", code="FRT", side="sales", account="200")
    work = asked(tenant)
    monkeypatch.setattr(trying, "STRETCH_SECONDS", 0.0)

    again = try_stopped(work)
    assert isinstance(again, Again)
    assert (again.cursor, states(tenant)) == (0, ["attention"] * 6)

    monkeypatch.undo()
    with tenant_scope(tenant):
        third = SyncJob.objects.order_by("id")[2].pk
    assert try_stopped(Work(tenant_id=work.tenant_id, subject_id=work.subject_id, cursor=third)) is None
    assert states(tenant) == ["attention"] * 3 + ["queued"] * 2 + ["attention"]


def test_giving_up_is_told_to_whoever_runs_it(tenant: Tenant, admin: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    del admin
    with tenant_scope(tenant):
        connection = XeroConnection.objects.get()
    trying_stopped_gave_up(Work(tenant_id=tenant.pk, subject_id=connection.pk), "worker died")

    assert "stopped documents not tried again" in caplog.text

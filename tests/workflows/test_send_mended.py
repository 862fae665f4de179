"""Mending a cause that has stopped thousands: the click is answered at once, and a worker sends them on, once."""

import uuid

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import EXPORTED_BY_FILE
from integrations.models import ChargeRule, SyncJob
from integrations.models.xero_connection import XeroConnection
from invoices.models import MendWatch
from invoices.work_names import SEND_MENDED, TELL_OF_MEND
from invoices.workflows import send_mended as sending
from invoices.workflows.find_causes import find_causes
from invoices.workflows.send_mended import send_mended, sending_mended_gave_up
from invoices.workflows.tell_of_mend import tell_of_mend
from tests.notices.told_people import told
from tests.web.page_company import REFUSED, UNMAPPED, Visitor, assessed, company, sent, visitor

pytestmark = pytest.mark.django_db
OPERATOR = "operator@acme-freight.example"


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    monkeypatch.setattr(sending, "CHUNK", 2)


@pytest.fixture
def person(tenant: Tenant) -> Visitor:
    """Five documents were stopped because freight has no account."""
    company(tenant)
    sent(tenant, assessed(tenant, 5), state="attention", problems=[UNMAPPED], problem_code="FB-301")
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
    return visitor(tenant, "operator")


def mend(person: Visitor, **data: str) -> str:
    """What the next page says."""
    with tenant_scope(person.tenant):
        (cause,) = find_causes()
    response = person.post("attention_save", cause.key.public_id, form_token=str(uuid.uuid4()), **data)
    assert response.status_code == 302
    return person.client.get(response["Location"]).content.decode()


def states(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(SyncJob.objects.order_by("id").values_list("state", flat=True))


def work(tenant: Tenant, kind: str) -> list[Work]:
    with tenant_scope(tenant):
        found = WorkItem.objects.filter(kind=kind).values_list("subject_id", flat=True)
        return [Work(tenant_id=tenant.pk, subject_id=subject_id) for subject_id in found]


def finish(tenant: Tenant) -> None:
    """As the worker does it, who then takes the item away."""
    for one in work(tenant, SEND_MENDED):
        assert send_mended(one) is None
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind=SEND_MENDED).delete()


def fixed(tenant: Tenant) -> list[str]:
    return [text for text in told(tenant, OPERATOR) if text.startswith("Fixed")]


def test_click_saves_and_leaves_thousands_to_a_worker(tenant: Tenant, person: Visitor) -> None:
    said = mend(person, chosen="200", send="1")
    before = states(tenant)
    finish(tenant)

    assert "5 stopped documents are being tried again." in said
    assert (before, states(tenant)) == (["attention"] * 5, ["queued"] * 5)
    with tenant_scope(tenant):
        assert ChargeRule.objects.get().account_code == "200"
        actors = AuditEvent.objects.filter(action="sent again").values_list("actor", flat=True)
        assert list(actors) == [OPERATOR] * 5


def test_few_go_on_with_the_click(tenant: Tenant, person: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "AT_ONCE", 5)

    assert "5 stopped documents go on." in mend(person, chosen="200", send="1")

    assert states(tenant) == ["queued"] * 5
    assert work(tenant, SEND_MENDED) == []


def test_second_click_sends_nothing_twice(tenant: Tenant, person: Visitor) -> None:
    for _ in range(2):
        mend(person, chosen="200", send="1")

    assert len(work(tenant, SEND_MENDED)) == len(work(tenant, TELL_OF_MEND)) == 1


def test_cause_that_is_mended_elsewhere_is_tried_again_by_a_worker_too(tenant: Tenant) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, 3), state="attention", problems=[REFUSED], problem_code="FB-504")

    said = mend(visitor(tenant, "operator"), send="1")
    finish(tenant)

    assert "3 stopped documents are being tried again." in said
    assert states(tenant) == ["queued"] * 3


def test_person_is_told_once_the_worker_is_through(tenant: Tenant, person: Visitor) -> None:
    mend(person, chosen="200", send="1")
    (watch,) = work(tenant, TELL_OF_MEND)
    first = tell_of_mend(watch)
    with tenant_scope(tenant):
        SyncJob.objects.filter(pk=SyncJob.objects.order_by("id")[0].pk).update(state="cancelled")
    finish(tenant)
    with tenant_scope(tenant):
        SyncJob.objects.filter(state="queued").update(state="done", finished_at=read_clock())

    assert isinstance(first, Again)
    assert tell_of_mend(watch) is None
    assert fixed(tenant) == ["Fixed by you, 4 sent: Charge code FRT has no ledger account for sales."]


def test_worker_begins_behind_what_it_has_tried(tenant: Tenant, person: Visitor) -> None:
    """What stopped again meanwhile is not tried for ever."""
    mend(person, chosen="200", send="1")
    (one,) = work(tenant, SEND_MENDED)
    with tenant_scope(tenant):
        last = SyncJob.objects.order_by("id")[2].pk

    send_mended(Work(tenant_id=one.tenant_id, subject_id=one.subject_id, cursor=last))

    assert states(tenant) == ["attention"] * 3 + ["queued"] * 2


def test_worker_stops_where_nothing_is_connected_any_more(tenant: Tenant, person: Visitor) -> None:
    mend(person, chosen="200", send="1")
    with tenant_scope(tenant):
        XeroConnection.objects.update(status="disconnected")

    finish(tenant)

    assert states(tenant) == ["attention"] * 5


def test_what_a_file_has_taken_meanwhile_is_not_sent(tenant: Tenant, person: Visitor) -> None:
    mend(person, chosen="200", send="1")
    with tenant_scope(tenant):
        first = SyncJob.objects.order_by("id")[0]
        SyncJob.objects.filter(pk=first.pk).update(problem_code=EXPORTED_BY_FILE)

    finish(tenant)

    assert states(tenant) == ["attention"] + ["queued"] * 4


def test_giving_up_leaves_the_rest_where_a_person_sees_it(tenant: Tenant, person: Visitor) -> None:
    mend(person, chosen="200", send="1")
    (one,), (watch,) = work(tenant, SEND_MENDED), work(tenant, TELL_OF_MEND)
    sending_mended_gave_up(one, "x")
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind=SEND_MENDED).update(gave_up_at=read_clock())

    tell_of_mend(watch)

    assert fixed(tenant) == [
        "Fixed by you, 0 sent, 5 still need attention: Charge code FRT has no ledger account for sales."
    ]
    with tenant_scope(tenant):
        assert not MendWatch.objects.exists()

"""Who mends a cause is told what it brought, once everything that went on has its answer (B.4)."""

import uuid
from datetime import timedelta

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.notices.models import Notice
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, SendBatch, SyncJob
from invoices.models import MendWatch
from invoices.work_names import TELL_OF_MEND
from invoices.workflows.find_causes import find_causes
from invoices.workflows.prepare_batch import prepare_chunk
from invoices.workflows.tell_of_mend import tell_of_mend, telling_of_mend_gave_up
from tests.conftest import NOW
from tests.notices.told_people import told
from tests.web.page_company import UNMAPPED, Visitor, assessed, company, sent, visitor

pytestmark = pytest.mark.django_db
OPERATOR = "operator@acme-freight.example"


@pytest.fixture
def person(tenant: Tenant) -> Visitor:
    """Freight has no account: two documents were stopped by it, and a shipment is not ready for it."""
    company(tenant)
    sent(tenant, assessed(tenant, 2), state="attention", problems=[UNMAPPED], problem_code="FB-301")
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
    assessed(tenant)
    return visitor(tenant, "operator")


def mend(person: Visitor, **data: str) -> None:
    with tenant_scope(person.tenant):
        (cause,) = find_causes()
    response = person.post(
        "attention_save", cause.key.public_id, form_token=str(uuid.uuid4()), chosen="200", **data
    )  # fmt: skip
    assert response.status_code == 302


def look(tenant: Tenant) -> Again | None:
    with tenant_scope(tenant):
        item = WorkItem.objects.get(kind=TELL_OF_MEND)
    return tell_of_mend(Work(tenant_id=tenant.pk, subject_id=item.subject_id))


def answer(tenant: Tenant, state: str = "done", **of: str) -> None:
    with tenant_scope(tenant):
        SyncJob.objects.filter(**of).update(state=state, finished_at=read_clock())


def fixed(tenant: Tenant) -> list[str]:
    return [text for text in told(tenant, OPERATOR) if text.startswith("Fixed")]


def test_everything_that_went_on_is_counted_once_all_have_their_answer(tenant: Tenant, person: Visitor) -> None:
    mend(person, send="1")
    answer(tenant)
    waits = [look(tenant)]
    with tenant_scope(tenant):
        batch = SendBatch.objects.get(number=2)
        while prepare_chunk(batch, tenant=tenant, now=NOW):
            pass
    waits.append(look(tenant))
    answer(tenant)

    last = look(tenant)

    assert [wait is not None for wait in waits] == [True, True]
    assert last is None
    assert fixed(tenant) == ["Fixed by you, 3 sent: Charge code FRT has no ledger account for sales."]
    with tenant_scope(tenant):
        assert Notice.objects.get(text__startswith="Fixed").address == "/o/acme-freight/sends/2/"
        assert not MendWatch.objects.exists()


def test_what_stops_again_is_said(tenant: Tenant, person: Visitor) -> None:
    mend(person)
    answer(tenant, state="attention")

    look(tenant)

    assert fixed(tenant)[0].startswith("Fixed by you, 0 sent, 2 still need attention: ")


def test_documents_that_the_cause_did_not_stop_are_not_counted(tenant: Tenant, person: Visitor) -> None:
    with tenant_scope(tenant):
        other = SyncJob.objects.order_by("id")[0]
    mend(person)
    with tenant_scope(tenant):
        watch = MendWatch.objects.get()
        watch.jobs = [one for one in watch.jobs if one != other.pk]
        watch.save()
        SyncJob.objects.filter(pk=other.pk).update(batch=None)
    answer(tenant)

    look(tenant)

    assert fixed(tenant)[0].startswith("Fixed by you, 1 sent: ")


def test_it_is_looked_at_less_and_less_often_and_given_up_without_a_trace(tenant: Tenant, person: Visitor) -> None:
    mend(person)
    with tenant_scope(tenant):
        MendWatch.objects.update(at=read_clock() - timedelta(minutes=10))

    again = look(tenant)
    with tenant_scope(tenant):
        watch = MendWatch.objects.get()
    telling_of_mend_gave_up(Work(tenant_id=tenant.pk, subject_id=watch.pk), "x")

    assert again is not None
    assert round((again.at - read_clock()).total_seconds()) == 18
    with tenant_scope(tenant):
        assert not MendWatch.objects.exists()

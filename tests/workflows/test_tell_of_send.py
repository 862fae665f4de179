"""A finished send is told to the person who sent it: always under the bell, and by mail where it took long."""

from datetime import timedelta

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.notices.models import Mail, Notice
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SendBatch, SyncJob
from invoices.work_names import TELL_OF_SEND
from invoices.workflows.retry_batch import retry_failed
from invoices.workflows.tell_of_send import tell_of_send
from tests.conftest import make_member
from tests.notices.mail_words import missing_words
from tests.notices.told_people import mails, told
from tests.web.page_company import assessed, company, sent

pytestmark = pytest.mark.django_db
OPERATOR = "operator@acme-freight.example"


@pytest.fixture
def batch(tenant: Tenant) -> SendBatch:
    """Two of three documents are in Xero, a shipment was skipped; the last answer came a moment ago."""
    company(tenant)
    make_member(tenant, "operator")
    make_member(tenant, "admin")
    made = sent(tenant, [*assessed(tenant, 3), *assessed(tenant, incoterm="")], state="sending")
    with tenant_scope(tenant):
        for job, state in zip(SyncJob.objects.order_by("id"), ("done", "done", "attention"), strict=True):
            SyncJob.objects.filter(pk=job.pk).update(state=state, finished_at=read_clock())
    return made


def look(tenant: Tenant, batch: SendBatch, *, began_ago: timedelta | None = None) -> Again | None:
    """As a worker does it; `began_ago`: since when the send is watched, None where this is the first look."""
    cursor = int((read_clock() - began_ago).timestamp()) if began_ago else 0
    return tell_of_send(Work(tenant_id=tenant.pk, subject_id=batch.pk, cursor=cursor))


def reopen(tenant: Tenant, *, state: str) -> None:
    with tenant_scope(tenant):
        stopped = SyncJob.objects.exclude(state="done")
        stopped.update(state=state, finished_at=None if state == "queued" else read_clock())


def test_short_send_is_told_under_the_senders_bell_alone(tenant: Tenant, batch: SendBatch) -> None:
    for _ in range(2):
        assert look(tenant, batch) is None

    assert told(tenant, OPERATOR) == ["Send 1: 2 of 3 sent, 1 needs attention, 1 skipped"]
    assert told(tenant, "admin@acme-freight.example") == []
    assert mails(tenant, "kind") == []
    with tenant_scope(tenant):
        notice = Notice.objects.get()
    assert (notice.address, notice.tone, notice.read_at) == ("/o/acme-freight/sends/1/", "trouble", None)


def test_send_that_took_longer_than_a_minute_is_mailed_to_the_sender_once(tenant: Tenant, batch: SendBatch) -> None:
    for _ in range(2):
        look(tenant, batch, began_ago=timedelta(minutes=4))

    with tenant_scope(tenant):
        mail = Mail.objects.select_related("membership__user").get()
    assert mail.membership.user.email == OPERATOR
    assert mail.subject == "Acme Freight: send 1 is finished, 2 of 3 sent, 1 needs attention, 1 skipped"
    assert "In Xero: 2\nNeed attention: 1\nCancelled: 0\nShipments skipped: 1\n" in mail.text
    assert "See send 1: http://localhost:8000/o/acme-freight/sends/1/" in mail.text
    assert missing_words(mail.text, mail.html) == set()


def test_send_on_its_way_is_looked_at_again_the_less_often_the_longer_it_takes(
    tenant: Tenant, batch: SendBatch
) -> None:
    reopen(tenant, state="queued")
    waits = []
    for ago in (None, timedelta(minutes=10), timedelta(days=2)):
        again = look(tenant, batch, began_ago=ago)
        assert again is not None
        waits.append(round((again.at - read_clock()).total_seconds()))

    assert waits == [2, 18, 300]
    assert told(tenant, OPERATOR) == []


def test_what_is_tried_again_is_told_again(tenant: Tenant, batch: SendBatch) -> None:
    look(tenant, batch)
    reopen(tenant, state="queued")
    look(tenant, batch)
    reopen(tenant, state="done")

    look(tenant, batch)

    assert told(tenant, OPERATOR)[1:] == ["Send 1: 3 of 3 sent, 1 skipped"]


def test_sending_and_trying_again_set_the_watch(tenant: Tenant, batch: SendBatch) -> None:
    with tenant_scope(tenant):
        first = WorkItem.objects.filter(kind=TELL_OF_SEND).delete()[0]
        retry_failed(batch, by=OPERATOR, now=read_clock())

        assert first == 1
        assert WorkItem.objects.get(kind=TELL_OF_SEND).subject_id == batch.pk


def test_send_of_somebody_who_left_is_told_to_nobody(tenant: Tenant, batch: SendBatch) -> None:
    with tenant_scope(tenant):
        SendBatch.objects.update(started_by="left@example.com")

    assert look(tenant, batch, began_ago=timedelta(minutes=4)) is None

    assert mails(tenant, "kind") == []

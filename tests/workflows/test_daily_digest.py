"""What needs attention, each morning: one mail a person, by cause; none where nothing waits."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from freightbridge.access.models import Membership
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.notices.models import Mail, Notice
from freightbridge.notices.next_morning import next_morning
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import DAILY_DIGEST
from invoices.models import CauseCare
from invoices.workflows.daily_digest import daily_digest, digest_gave_up, leave_digest
from invoices.workflows.find_causes import find_causes
from tests.conftest import NOW, make_member
from tests.notices.mail_words import missing_words
from tests.notices.told_people import mails
from tests.web.page_company import assessed, company, sent

pytestmark = pytest.mark.django_db
PROBLEM = {"code": "FB-201", "subject": "C-9", "words": {"customer": "C-9", "xero": "Contact not found"}}


@pytest.fixture
def troubled(tenant: Tenant) -> Tenant:
    """Two documents that wait for a customer, a shipment that waits for its Incoterm, and two operators."""
    company(tenant)
    for role in ("operator", "admin", "viewer"):
        make_member(tenant, role)
    sent(tenant, assessed(tenant, 2), state="attention", problems=[PROBLEM], problem_code="FB-201")
    assessed(tenant, incoterm="")
    return tenant


def digest(tenant: Tenant, *, now: datetime = NOW) -> list[Mail]:
    with tenant_scope(tenant):
        leave_digest(tenant, now=now)
        return list(Mail.objects.select_related("membership__user").order_by("id"))


def of(found: Sequence[Mail]) -> list[str]:
    return [mail.membership.user.email.partition("@")[0] for mail in found]


def test_one_mail_a_person_tells_of_every_cause_with_counts_amounts_and_links(troubled: Tenant) -> None:
    found = digest(troubled)

    with tenant_scope(troubled):
        causes = find_causes()
    assert of(found) == ["operator", "admin"]
    assert found[0].subject == "Acme Freight: 2 causes hold things up, the first one 2 shipments"
    assert "  Waiting: 2 shipments\n  Amount: AUD 2,500.00\n" in found[0].text
    assert "No Incoterm: a booking needs one." in found[0].text
    for cause in causes:
        assert f"http://localhost:8000/o/acme-freight/attention/{cause.key.public_id}/" in found[0].text
    assert missing_words(found[0].text, found[0].html) == set()


def test_nothing_to_mend_is_no_mail(tenant: Tenant) -> None:
    company(tenant)
    make_member(tenant, "operator")
    assessed(tenant)

    assert digest(tenant) == []


def test_day_is_the_companys_own_and_has_one_mail(troubled: Tenant) -> None:
    # 22:30 and 23:30 in Sydney, then half an hour past midnight.
    evening = NOW + timedelta(hours=2)

    for hours in (0, 1):
        digest(troubled, now=evening + timedelta(hours=hours))
    same_day = len(mails(troubled, "id"))
    digest(troubled, now=evening + timedelta(hours=2))

    assert same_day == 2
    assert mails(troubled, "key") == [*["digest 2026-03-02"] * 2, *["digest 2026-03-03"] * 2]


def test_what_is_put_off_is_left_out_until_its_day_and_whose_it_is_is_told(troubled: Tenant) -> None:
    with tenant_scope(troubled):
        first, second = find_causes()
        CauseCare.objects.create(cause=first.key.public_id, title="x", snoozed_until_date=date(2026, 3, 4))
        CauseCare.objects.create(
            cause=second.key.public_id, title="y",
            assigned_to=Membership.objects.get(role="operator"),
        )  # fmt: skip

    before, after = digest(troubled)[0], digest(troubled, now=NOW + timedelta(days=2))[-1]

    assert "1 cause holds things up" in before.subject
    assert "given to Operator Acme Freight" in before.text
    assert "2 causes hold things up" in after.subject


def test_work_comes_again_in_the_morning_and_forgets_what_is_old(troubled: Tenant) -> None:
    old = read_clock() - timedelta(days=91)
    with tenant_scope(troubled):
        leave_digest(troubled, now=old)
        member = Mail.objects.all()[0].membership
        Notice.objects.create(membership=member, key="old", text="Old", at=old)
        Notice.objects.create(membership=member, key="new", text="New", at=read_clock())

    again = daily_digest(Work(tenant_id=troubled.pk, subject_id=troubled.pk))

    morning = next_morning(read_clock(), troubled.zone)
    assert again.at == morning
    assert again.at.astimezone(troubled.zone).hour == 7
    assert [made_at > old for made_at in mails(troubled, "made_at")] == [True, True]
    with tenant_scope(troubled):
        assert [notice.text for notice in Notice.objects.all()] == ["New"]


def test_digest_that_could_not_be_written_comes_the_next_morning(troubled: Tenant) -> None:
    digest_gave_up(Work(tenant_id=troubled.pk, subject_id=troubled.pk), "ValueError: x")

    with tenant_scope(troubled):
        work = WorkItem.objects.get(kind=DAILY_DIGEST)
    assert work.next_at == next_morning(read_clock(), troubled.zone)

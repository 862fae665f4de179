"""Who gets what by mail: a person's choice in each company, and the link in a mail that switches its kind off."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from freightbridge.access.models import Membership, User
from freightbridge.notices.models import Mail, MailSwitchedOff
from freightbridge.notices.switch_off_mail import SALT, switch_off_address
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.notices.told_people import mails, write
from tests.web.page_company import visitor

pytestmark = pytest.mark.django_db


def off(tenant: Tenant) -> list[tuple[str, str]]:
    with tenant_scope(tenant):
        rows = MailSwitchedOff.objects.order_by("kind")
        return list(rows.values_list("membership__user__email", "kind"))


def link(tenant: Tenant) -> str:
    write(tenant)
    with tenant_scope(tenant):
        return switch_off_address(Mail.objects.select_related("membership").get(), tenant)


def test_what_is_not_ticked_does_not_come_any_more_from_this_company(tenant: Tenant, other_tenant: Tenant) -> None:
    person = visitor(tenant, "admin")
    with tenant_scope(other_tenant):
        Membership.objects.create(user=User.objects.get(email="admin@acme-freight.example"), role="admin")

    person.post("mail_choices", wanted=["daily digest", "send finished"])
    write(tenant)
    write(other_tenant)
    page = person.text("mail_choices")

    assert [kind for _, kind in off(tenant)] == ["connection lost", "events off"]
    assert (mails(tenant, "kind"), mails(other_tenant, "kind")) == ([], ["connection lost"])
    assert page.count(" checked") == 2


def test_what_is_ticked_again_comes_again(tenant: Tenant) -> None:
    person = visitor(tenant, "admin")
    person.post("mail_choices", wanted=["daily digest"])

    person.post("mail_choices", wanted=["daily digest", "connection lost", "send finished", "events off", "nonsense"])

    assert off(tenant) == []


def test_mail_that_a_role_does_not_get_is_shown_with_the_reason_and_is_not_chosen(tenant: Tenant) -> None:
    person = visitor(tenant, "operator")

    page = person.text("mail_choices")
    person.post("mail_choices", wanted=[])

    assert page.count(" disabled") == 2
    assert "Your role is Operator; to manage the Xero connection takes Admin." in page
    assert [kind for _, kind in off(tenant)] == ["daily digest", "send finished"]


def test_link_in_a_mail_switches_its_kind_off_by_one_post_and_not_by_being_looked_at(tenant: Tenant) -> None:
    make_member(tenant, "admin")
    address, nobody = link(tenant), Client(enforce_csrf_checks=True)

    looked = nobody.get(address)
    before = off(tenant)
    posted = nobody.post(address, {"List-Unsubscribe": "One-Click"})
    again = nobody.post(address)

    assert (looked.status_code, posted.status_code, again.status_code) == (200, 200, 200)
    assert "admin@acme-freight.example gets mail about Acme Freight" in looked.content.decode()
    assert before == []
    assert off(tenant) == [("admin@acme-freight.example", "connection lost")]
    assert "Switched off" in posted.content.decode()


def test_link_that_we_did_not_make_or_that_was_changed_does_nothing(tenant: Tenant, other_tenant: Tenant) -> None:
    make_member(tenant, "admin")
    good = link(tenant).removeprefix("/mail/off/").removesuffix("/")
    with tenant_scope(tenant):
        member = str(Membership.objects.get().public_id)
    forged = [
        "nonsense",
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        signing.dumps([str(tenant.public_id), member, "connection lost"], salt="another"),
        # Signed by us, and of a person who works for another company.
        signing.dumps([str(other_tenant.public_id), member, "connection lost"], salt=SALT),
        signing.dumps([str(tenant.public_id), "no id", "connection lost"], salt=SALT),
        signing.dumps([str(tenant.public_id), member, "everything"], salt=SALT),
        signing.dumps("nonsense", salt=SALT),
    ]

    answers = [Client().post(reverse("switch_off_mail", args=[token])) for token in forged]

    assert {answer.status_code for answer in answers} == {404}
    assert (off(tenant), off(other_tenant)) == ([], [])


def test_link_of_somebody_who_left_leads_nowhere(tenant: Tenant) -> None:
    make_member(tenant, "admin")
    address = link(tenant)
    with tenant_scope(tenant):
        Membership.objects.all().delete()

    assert Client().get(address).status_code == 404

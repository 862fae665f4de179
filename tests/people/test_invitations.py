"""An invitation from the admin's click to the new member's first page, and every way in which its link can be dead."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from freightbridge.access.invitations import InvitationRefusedError, accept, give_token, invite
from freightbridge.access.models import Invitation, Membership, User
from freightbridge.access.roles import ROLES
from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.observability.redaction import redact_text
from freightbridge.people.send_invitation import send_invitation, sending_gave_up
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import NOW, PASSWORD, make_member, make_tenant
from tests.rest.test_idempotency import at_once
from tests.web.page_company import Visitor

MIA = "mia@example.com"
GOOD = {"name": "Mia Wong", "password": "correct horse battery"}


def invited(tenant: Tenant, email: str = MIA, role: str = "operator") -> Invitation:
    """By the company's admin, who is made for it where there is none."""
    admin = User.objects.filter(email=f"admin@{tenant.slug}.example").first() or make_member(tenant, "admin")
    with tenant_scope(tenant):
        return invite(email=email, role=ROLES[role], by=admin, now=read_clock())


def link(invitation: Invitation) -> str:
    with tenant_scope(invitation.tenant_id):
        return f"/invite/{give_token(invitation)}/"


def stored(invitation: Invitation) -> Invitation:
    with tenant_scope(invitation.tenant_id):
        return Invitation.objects.get(pk=invitation.pk)


def change(invitation: Invitation, **fields: Any) -> None:
    with tenant_scope(invitation.tenant_id):
        Invitation.objects.filter(pk=invitation.pk).update(**fields)


def members(tenant: Tenant) -> dict[str, str]:
    with tenant_scope(tenant):
        return dict(Membership.objects.values_list("user__email", "role"))


@pytest.mark.django_db(transaction=True)
def test_mail_holds_the_token_and_the_database_its_digest() -> None:
    tenant = make_tenant("acme-freight")
    invitation = invited(tenant)

    send_invitation(Work(tenant_id=tenant.pk, subject_id=invitation.pk))

    (sent,) = mail.outbox
    (address,) = set(re.findall(r"http://\S+/invite/fbi_[\w-]{43}/", str(sent.body)))
    token = address.rstrip("/").rpartition("/")[2]
    row = stored(invitation)
    assert sent.to == [MIA]
    assert sent.subject == "Admin Acme Freight invites you to Acme Freight on FreightBridge"
    assert address in str(sent.alternatives[0].content)  # type: ignore[attr-defined]
    assert (len(row.token_sha256), token in row.token_sha256, row.sent_at is not None) == (64, False, True)
    assert Client().get(f"/invite/{token}/").status_code == 200
    assert token not in redact_text(f"GET /invite/{token}/ 200")


@pytest.mark.django_db(transaction=True)
def test_mail_goes_once_and_not_after_it_was_revoked() -> None:
    tenant = make_tenant("acme-freight")
    first, second = invited(tenant), invited(tenant, "bob@example.com")
    change(second, revoked_at=NOW)

    for invitation in (first, first, second):
        send_invitation(Work(tenant_id=tenant.pk, subject_id=invitation.pk))

    assert [sent.to for sent in mail.outbox] == [[MIA]]


@pytest.mark.django_db(transaction=True)
def test_mail_that_could_not_be_sent_is_told_on_the_page() -> None:
    invitation = invited(make_tenant("acme-freight"))

    sending_gave_up(Work(tenant_id=invitation.tenant_id, subject_id=invitation.pk), "refused")

    assert stored(invitation).failed_at is not None


def test_admin_invites_and_a_worker_is_asked_for_the_mail(tenant: Tenant, admin: Visitor) -> None:
    response = admin.post("people", email="Mia@Example.com", role="support")

    page = admin.text("people")
    with tenant_scope(tenant):
        invitation, item = Invitation.objects.get(), WorkItem.objects.get()
        event = AuditEvent.objects.get()
    assert response["Location"] == "/o/acme-freight/settings/people/"
    assert (invitation.email, invitation.role, item.subject_id) == (MIA, "support", invitation.pk)
    assert (event.action, event.subject_name) == ("person invited", "mia@example.com as support")
    assert ["mia@example.com" in page, "Being sent" in page] == [True, True]


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("no address", "Enter a valid email address."),
        ("", "This field is required."),
        ("admin@acme-freight.example", "works here already"),
        ("MIA@example.com", "is invited already"),
    ],
)
def test_invitation_that_makes_no_sense_is_refused_at_the_field(
    tenant: Tenant, admin: Visitor, email: str, said: str
) -> None:
    invited(tenant)

    page = admin.post("people", email=email, role="viewer").content.decode()

    assert said in page
    with tenant_scope(tenant):
        assert Invitation.objects.count() == 1


def test_new_person_joins_with_a_name_and_a_password(tenant: Tenant) -> None:
    client, invitation = Client(), invited(tenant)
    address = link(invitation)
    assert "as <strong>Operator</strong>" in client.get(address).content.decode()

    response = client.post(address, GOOD)

    assert response["Location"] == "/o/acme-freight/"
    assert members(tenant)[MIA] == "operator"
    assert client.get("/o/acme-freight/").status_code == 200
    assert User.objects.get(email=MIA).name == "Mia Wong"
    assert User.objects.get(email=MIA).check_password(GOOD["password"])


@pytest.mark.parametrize("password", ["short", "password1234", "mia@example.com", ""])
def test_new_person_needs_a_password_by_the_rules(tenant: Tenant, password: str) -> None:
    address = link(invited(tenant))

    response = Client().post(address, {"name": "Mia Wong", "password": password})

    assert response.status_code == 200
    assert 'value="Mia Wong"' in response.content.decode()
    assert "invalid-feedback" in response.content.decode()
    assert not User.objects.filter(email=MIA).exists()


def test_person_with_an_account_signs_in_and_joins_with_one_click(tenant: Tenant) -> None:
    User.objects.create_user(MIA, PASSWORD)
    address, client = link(invited(tenant)), Client()

    before = client.get(address).content.decode()
    client.post("/login/", {"login": MIA, "password": PASSWORD})
    response = client.post(address)

    assert f'href="/login/?next={address}"' in before
    assert response["Location"] == "/o/acme-freight/"
    assert members(tenant)[MIA] == "operator"


def test_person_with_an_account_gets_no_second_one_by_the_link(tenant: Tenant) -> None:
    user = User.objects.create_user(MIA, PASSWORD)
    address = link(invited(tenant))

    Client().post(address, GOOD)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert MIA not in members(tenant)


def test_somebody_else_cannot_use_the_invitation(tenant: Tenant, viewer: Visitor) -> None:
    address = link(invited(tenant))

    page = viewer.client.get(address).content.decode()
    viewer.client.post(address, GOOD)

    assert "You are signed in as viewer@acme-freight.example; the invitation is for mia@example.com." in page
    assert MIA not in members(tenant)


def test_member_of_two_companies_chooses_after_the_sign_in(tenant: Tenant, other_tenant: Tenant) -> None:
    client = Client()
    client.post(link(invited(tenant)), GOOD)
    client.post(link(invited(other_tenant, role="viewer")))

    page = client.get("/").content.decode()

    assert ["Acme Freight" in page, "Rival Lines" in page] == [True, True]
    assert members(other_tenant)[MIA] == "viewer"


def test_link_counts_once(tenant: Tenant) -> None:
    address = link(invited(tenant))
    Client().post(address, GOOD)

    for answer in (Client().get(address), Client().post(address, {**GOOD, "name": "Eve"})):
        assert answer.status_code == 410
        assert "This invitation is used" in answer.content.decode()
        assert "sign in with your address and your password" in answer.content.decode()
    assert User.objects.get(email=MIA).name == "Mia Wong"


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"expires_at": NOW}, 410, "It counted until 2 March 2026. Ask admin@acme-freight.example of Acme Freight"),
        ({"revoked_at": NOW}, 410, "Ask admin@acme-freight.example of Acme Freight for another one"),
        ({"token_sha256": "0" * 64}, 404, "Copy the whole address from the mail."),
    ],
)
def test_dead_link_says_what_to_do_and_lets_nobody_in(
    tenant: Tenant, fields: dict[str, Any], status: int, said: str
) -> None:
    invitation = invited(tenant)
    address = link(invitation)
    change(invitation, **fields)

    for answer in (Client().get(address), Client().post(address, GOOD)):
        assert answer.status_code == status
        assert said in answer.content.decode()
    assert not User.objects.filter(email=MIA).exists()


def test_sent_again_ends_the_earlier_link(tenant: Tenant, admin: Visitor) -> None:
    invitation = invited(tenant)
    address = link(invitation)
    change(invitation, asked_at=NOW, sent_at=NOW, expires_at=NOW)

    admin.post("resend_invitation", invitation.public_id)

    row = stored(invitation)
    assert Client().get(address).status_code == 404
    assert (row.sent_at, row.expires_at > read_clock() + timedelta(days=6)) == (None, True)
    assert Client().get(link(invitation)).status_code == 200


def test_sending_again_has_its_pace(tenant: Tenant, admin: Visitor) -> None:
    invitation = invited(tenant)
    address = link(invitation)

    admin.post("resend_invitation", invitation.public_id)

    assert "It was sent a moment ago." in admin.text("people")
    assert Client().get(address).status_code == 200


def test_revoked_invitation_frees_the_address(tenant: Tenant, admin: Visitor) -> None:
    invitation = invited(tenant)

    admin.post("revoke_invitation", invitation.public_id)

    assert "Nobody is waiting" in admin.text("people")
    assert invited(tenant).pk != invitation.pk


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_account() -> None:
    tenant = make_tenant("acme-freight")
    address = link(invited(tenant))

    answers = at_once(2, lambda: Client().post(address, GOOD))

    assert {answer.status_code for answer in answers} <= {302, 410}
    assert members(tenant)[MIA] == "operator"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_join_once() -> None:
    tenant, mia = make_tenant("acme-freight"), User.objects.create_user(MIA, PASSWORD)
    invitation = invited(tenant)

    def click() -> str:
        try:
            with tenant_scope(tenant):
                accept(invitation, user=mia, now=read_clock())
        except InvitationRefusedError:
            return "refused"
        return "done"

    assert sorted(at_once(2, click)) == ["done", "refused"]
    assert members(tenant)[MIA] == "operator"


def test_member_who_accepts_keeps_his_role(tenant: Tenant) -> None:
    """He was added by another way, after the invitation had gone."""
    invitation = invited(tenant, "viewer@acme-freight.example", role="admin")
    viewer = make_member(tenant, "viewer")

    with tenant_scope(tenant):
        accept(invitation, user=viewer, now=read_clock())

    assert members(tenant)[viewer.email] == "viewer"
    with tenant_scope(tenant), pytest.raises(InvitationRefusedError):
        accept(invitation, user=viewer, now=read_clock())

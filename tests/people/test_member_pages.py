"""Who works here, in which role: changed and removed by an admin, of whom there is always one."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from freightbridge.access.api_keys import make_key, valid_keys
from freightbridge.access.api_scopes import Scope
from freightbridge.access.change_members import LAST_ADMIN, LastAdminError, change_role, remove_member
from freightbridge.access.models import ApiKey, Membership, User
from freightbridge.access.roles import ROLES
from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address
from tests.conftest import NOW, PASSWORD, make_tenant
from tests.rest.test_idempotency import at_once
from tests.web.page_company import Visitor, prove, visitor

ADMIN = "admin@acme-freight.example"


def add(tenant: Tenant, email: str, role: str, **fields: Any) -> Membership:
    user = User.objects.create_user(email, PASSWORD, **fields)
    with tenant_scope(tenant):
        return Membership.objects.create(user=user, role=role)


def roles_of(tenant: Tenant) -> dict[str, str]:
    with tenant_scope(tenant):
        return dict(Membership.objects.values_list("user__email", "role"))


def own(tenant: Tenant, email: str = ADMIN) -> Membership:
    with tenant_scope(tenant):
        return Membership.objects.get(user__email=email)


def test_people_are_listed_with_role_last_sign_in_and_second_step(tenant: Tenant, admin: Visitor) -> None:
    add(tenant, "bob@example.com", "viewer", name="Bob Stone", last_login=NOW)

    page = admin.text("people")

    assert ["Bob Stone" in page, "bob@example.com" in page, "Never" in page] == [True, True, False]
    assert "2 Mar 2026" in page
    assert page.count('data-label="Two-step"') == 2


def test_people_page_says_what_each_role_may(viewer: Visitor, tenant: Tenant) -> None:
    page = visitor(tenant, "support").text("people")

    assert all(f"<dd>{role.description}</dd>" in page for role in ROLES.values())
    assert "Manage people and roles</th>" in page
    assert viewer.get("people").status_code == 403


def test_buttons_are_shown_disabled_with_the_reason_to_who_may_not(tenant: Tenant, admin: Visitor) -> None:
    support = visitor(tenant, "support")
    reason = "Your role is Support; to manage people and roles takes Admin."

    people, member = support.text("people"), support.text("member", own(tenant).public_id)

    assert (people.count(f'title="{reason}"'), member.count(f'title="{reason}"')) == (2, 2)
    assert support.post("people", email="x@example.com", role="admin").status_code == 403
    assert support.post("member", own(tenant).public_id, role="viewer").status_code == 403
    assert support.post("remove_member", own(tenant).public_id).status_code == 403


def test_number_of_queries_does_not_grow_with_the_people(
    tenant: Tenant, admin: Visitor, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_max_num_queries(40) as alone:
        admin.text("people")
    for number in range(3):
        add(tenant, f"p{number}@example.com", "viewer")

    with django_assert_num_queries(len(alone)):
        admin.text("people")


def test_role_is_changed_and_the_history_says_who_changed_what(tenant: Tenant, admin: Visitor) -> None:
    bob = add(tenant, "bob@example.com", "viewer")

    response = admin.post("member", bob.public_id, role="operator")

    assert response["Location"] == "/o/acme-freight/settings/people/"
    assert roles_of(tenant)["bob@example.com"] == "operator"
    with tenant_scope(tenant):
        event = AuditEvent.objects.get()
    assert (event.actor, event.action, event.subject_name) == (ADMIN, "role changed", "bob@example.com as viewer")
    assert event.details == {"Role": {"before": "Viewer", "after": "Operator"}}


def test_role_that_does_not_exist_is_refused_at_the_field(tenant: Tenant, admin: Visitor) -> None:
    bob = add(tenant, "bob@example.com", "viewer")

    response = admin.post("member", bob.public_id, role="owner")

    assert response.status_code == 200
    assert "Select a valid choice" in response.content.decode()
    assert roles_of(tenant)["bob@example.com"] == "viewer"


def test_person_is_removed_and_gets_in_no_more(tenant: Tenant, admin: Visitor) -> None:
    operator = visitor(tenant, "operator")
    assert operator.get("overview").status_code == 200

    admin.post("remove_member", own(tenant, "operator@acme-freight.example").public_id)

    assert operator.get("overview").status_code == 404
    assert roles_of(tenant) == {ADMIN: "admin"}
    assert "removed" in admin.text("activity")


def key_of(user: User, tenant: Tenant, name: str) -> ApiKey:
    with tenant_scope(tenant):
        return make_key(name=name, scopes=[Scope.READ_FREIGHT], expires_at=None, by=user, now=read_clock()).key


def test_keys_that_a_removed_person_knows_are_revoked_where_that_is_ticked(tenant: Tenant, admin: Visitor) -> None:
    eve = add(tenant, "eve@example.com", "admin")
    gone, stays = key_of(eve.user, tenant, "Old script"), key_of(eve.user, tenant, "Cargo TMS")
    others = key_of(User.objects.get(email=ADMIN), tenant, "Portal")

    page = admin.text("member", eve.public_id)
    answer = admin.client.post(
        page_address(tenant, "remove_member", eve.public_id), {"revoke": [gone.public_id, others.public_id, "x"]},
        follow=True,
    )  # fmt: skip

    assert ["Old script" in page, "Cargo TMS" in page, "Portal" in page] == [True, True, False]
    assert "Revoked: Old script." in answer.content.decode()
    with tenant_scope(tenant):
        assert list(valid_keys(read_clock()).order_by("id")) == [stays, others]
        assert AuditEvent.objects.filter(action="API key revoked", actor=ADMIN).count() == 1


def test_person_without_keys_is_asked_nothing_about_them(tenant: Tenant, admin: Visitor) -> None:
    bob = add(tenant, "bob@example.com", "viewer")

    assert "API keys that this person made" not in admin.text("member", bob.public_id)


def test_last_admin_can_be_neither_removed_nor_demoted(tenant: Tenant, admin: Visitor) -> None:
    add(tenant, "left@example.com", "admin", is_active=False)
    me = own(tenant)

    page = admin.text("member", me.public_id)
    demoted = admin.post("member", me.public_id, role="viewer", knows="on")
    admin.post("remove_member", me.public_id, typed=ADMIN)

    assert page.count(f'title="{LAST_ADMIN}"') == 2
    assert LAST_ADMIN in demoted.content.decode()
    assert LAST_ADMIN in admin.text("people")
    assert roles_of(tenant)[ADMIN] == "admin"


def test_nobody_gives_his_own_role_away_unknowingly(tenant: Tenant, admin: Visitor) -> None:
    add(tenant, "eve@example.com", "admin")
    me = own(tenant)

    refused = admin.post("member", me.public_id, role="viewer")
    assert "Tick this to give your own role away." in refused.content.decode()
    assert roles_of(tenant)[ADMIN] == "admin"

    done = admin.post("member", me.public_id, role="viewer", knows="on")
    assert done["Location"] == "/o/acme-freight/"
    assert roles_of(tenant)[ADMIN] == "viewer"


def test_nobody_leaves_without_typing_his_own_address(tenant: Tenant, admin: Visitor) -> None:
    add(tenant, "eve@example.com", "admin")
    me = own(tenant)

    admin.post("remove_member", me.public_id, typed="eve@example.com")
    assert ADMIN in roles_of(tenant)

    assert admin.post("remove_member", me.public_id, typed=ADMIN)["Location"] == reverse("start")
    assert ADMIN not in roles_of(tenant)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["demote", "remove"])
def test_two_admins_at_once_cannot_leave_nobody(act: str) -> None:
    tenant = make_tenant("acme-freight")
    one, other = add(tenant, "one@example.com", "admin"), add(tenant, "other@example.com", "admin")
    pairs = iter([(one, other), (other, one)])

    def against_each_other() -> str:
        by, member = next(pairs)
        try:
            with tenant_scope(tenant):
                if act == "demote":
                    change_role(member, ROLES["viewer"], by=by.user, now=NOW)
                else:
                    remove_member(member, by=by.user, now=NOW)
        except LastAdminError:
            return "refused"
        return "done"

    assert sorted(at_once(2, against_each_other)) == ["done", "refused"]
    assert list(roles_of(tenant).values()).count("admin") == 1


def test_role_that_was_removed_meanwhile_says_so(tenant: Tenant, admin: Visitor) -> None:
    bob = add(tenant, "bob@example.com", "viewer")
    admin.post("remove_member", bob.public_id)

    assert admin.post("member", bob.public_id, role="admin").status_code == 404


def test_new_admin_counts_at_once(tenant: Tenant, admin: Visitor) -> None:
    bob = add(tenant, "bob@example.com", "viewer")
    client = Client()
    client.force_login(bob.user)
    prove(client, bob.user)
    person = Visitor(client, tenant)
    assert person.get("people").status_code == 403

    admin.post("member", bob.public_id, role="admin")

    assert person.get("people").status_code == 200
    assert person.post("member", own(tenant).public_id, role="viewer").status_code == 302
    assert roles_of(tenant) == {ADMIN: "viewer", "bob@example.com": "admin"}

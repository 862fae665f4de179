"""The second step at the sign-in: an authenticator app, recovery codes, and a company that needs it from everybody."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.management import CommandError, call_command
from django.test import Client

from freightbridge.access.models import User
from freightbridge.tenancy.models import Tenant
from tests.conftest import PASSWORD, make_member
from tests.web.page_company import HTMX, Visitor, prove, visitor

TWO_STEP = "/me/two-step/"
LOGIN = {"login": "admin@acme-freight.example", "password": PASSWORD}


def code_of(secret: str) -> str:
    """What the app shows now: between the one before, which is about to lapse, and the next."""
    _, now, _ = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def secure(user: User) -> str:
    """With an app; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


@pytest.fixture
def user(tenant: Tenant) -> User:
    return make_member(tenant, "admin")


def test_person_sets_up_an_app_and_needs_it_from_then_on(user: User) -> None:
    client = Client()
    client.post("/login/", LOGIN)
    page = client.get(f"{TWO_STEP}totp/activate/").content.decode()
    secret = re.search(r'id="totp-secret">(\w+)<', page)
    assert secret is not None

    wrong = client.post(f"{TWO_STEP}totp/activate/", {"code": "000000"})
    done = client.post(f"{TWO_STEP}totp/activate/", {"code": code_of(secret[1])})

    assert "Incorrect code." in wrong.content.decode()
    assert done["Location"] == f"{TWO_STEP}recovery-codes/"
    assert "10 of 10 are left" in client.get(done["Location"]).content.decode()
    again = Client()
    assert again.post("/login/", LOGIN)["Location"] == f"{TWO_STEP}authenticate/"
    assert again.get("/o/acme-freight/").status_code == 302
    assert "The second step" in again.get(f"{TWO_STEP}authenticate/").content.decode()


def test_secrets_are_sealed_in_the_database(user: User) -> None:
    secret = secure(user)

    data = Authenticator.objects.get().data

    assert secret not in str(data)
    assert Authenticator.objects.get().wrap().validate_code(code_of(secret))


def test_sign_in_goes_on_with_the_code_or_a_recovery_code(user: User) -> None:
    secret = secure(user)
    recovery = RecoveryCodes.activate(user).get_unused_codes()[0]

    for code in (code_of(secret), recovery):
        client = Client()
        client.post("/login/", LOGIN)
        assert client.post(f"{TWO_STEP}authenticate/", {"code": "123456"}).status_code == 200
        client.post(f"{TWO_STEP}authenticate/", {"code": code})
        assert client.get("/o/acme-freight/").status_code == 200
    client = Client()
    client.post("/login/", LOGIN)
    client.post(f"{TWO_STEP}authenticate/", {"code": recovery})
    assert client.get("/o/acme-freight/").status_code == 302


def test_guessing_the_code_has_its_pace(user: User) -> None:
    secret, client = secure(user), Client()
    client.post("/login/", LOGIN)
    for _ in range(6):
        client.post(f"{TWO_STEP}authenticate/", {"code": "000000"})

    client.post(f"{TWO_STEP}authenticate/", {"code": code_of(secret)})

    assert client.get("/o/acme-freight/").status_code == 302


def test_changing_the_second_step_asks_who_it_is_unless_he_has_just_signed_in(user: User) -> None:
    client = Client()
    client.force_login(user)
    prove(client, user, seconds_ago=601)

    for page in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        assert client.get(f"{TWO_STEP}{page}")["Location"].startswith("/reauthenticate/"), page
    client.logout()
    client.post("/login/", LOGIN)
    for page in ("totp/activate/", "webauthn/add/"):
        assert client.get(f"{TWO_STEP}{page}").status_code == 200, page


def test_company_that_needs_it_lets_nobody_in_without(tenant: Tenant, admin: Visitor) -> None:
    secure(User.objects.get(email="admin@acme-freight.example"))
    viewer = visitor(tenant, "viewer")

    admin.post("two_step_rule", needs="on")

    assert admin.get("overview").status_code == 200
    assert viewer.get("shipments")["Location"] == "/me/two-step-needed/"
    assert viewer.client.get("/o/acme-freight/shipments/", headers=HTMX)["HX-Redirect"] == "/me/two-step-needed/"
    assert "Set it up" in viewer.client.get("/me/two-step-needed/").content.decode()
    assert viewer.client.get(TWO_STEP).status_code == 200
    secure(User.objects.get(email="viewer@acme-freight.example"))
    assert viewer.get("shipments").status_code == 200
    admin.post("two_step_rule", needs="off")
    tenant.refresh_from_db()
    assert not tenant.needs_two_step
    assert admin.text("activity").count("Sign-in rule changed") >= 2


def test_admin_without_it_cannot_shut_himself_out(tenant: Tenant, admin: Visitor) -> None:
    admin.post("two_step_rule", needs="on")

    tenant.refresh_from_db()
    assert not tenant.needs_two_step
    assert admin.text("people").count("Set up your own second step first") >= 2


def test_company_of_others_is_not_told_apart_by_its_rule(tenant: Tenant, other_tenant: Tenant) -> None:
    Tenant.objects.filter(pk=other_tenant.pk).update(needs_two_step=True)

    assert visitor(tenant, "viewer").client.get("/o/rival-lines/").status_code == 404


def test_lost_second_step_is_taken_off_by_those_who_run_the_installation(user: User) -> None:
    secure(user)
    before, after = Client(), Client()
    before.force_login(user)

    call_command("reset_two_step", "Admin@acme-freight.example")

    assert before.get("/me/").status_code == 302
    assert after.post("/login/", LOGIN)["Location"] == "/"
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("reset_two_step", "nobody@example.com")

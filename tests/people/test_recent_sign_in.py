"""What is about access asks once more who it is, unless that was proved a short while ago; nothing typed is lost."""

import pytest
from django.test import Client

from freightbridge.access.models import ApiKey, User
from freightbridge.outbound_events.models import EventEndpoint
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import PASSWORD, make_member
from tests.web.page_company import HTMX, prove

MAKES_A_KEY = {"name": "Cargo TMS", "scopes": ["freight:read", "uploads:write"], "days": "30"}
PEOPLE = "/o/acme-freight/settings/people/"
KEYS = "/o/acme-freight/settings/api-keys/"
PROOF = "/reauthenticate/?next=%2Fme%2Fgo-on%2F"


@pytest.fixture
def user(tenant: Tenant) -> User:
    return make_member(tenant, "admin")


@pytest.fixture
def client(user: User) -> Client:
    """Signed in a while ago."""
    client = Client()
    client.force_login(user)
    prove(client, user, seconds_ago=601)
    return client


@pytest.mark.parametrize(
    "address",
    [
        PEOPLE, f"{PEOPLE}two-step/", KEYS, "/o/acme-freight/settings/events/",
        "/o/acme-freight/settings/xero/connect/", "/o/acme-freight/settings/xero/disconnect/",
    ],
)  # fmt: skip
def test_what_is_about_access_is_asked_again_and_not_done(tenant: Tenant, client: Client, address: str) -> None:
    answer = client.post(address, MAKES_A_KEY)

    assert (answer.status_code, answer["Location"]) == (302, PROOF)
    with tenant_scope(tenant):
        assert (ApiKey.objects.count(), EventEndpoint.objects.count()) == (0, 0)


def test_reading_asks_nothing(client: Client) -> None:
    assert [client.get(address).status_code for address in (PEOPLE, KEYS)] == [200, 200]


def test_sign_in_counts_for_ten_minutes(tenant: Tenant, client: Client, user: User) -> None:
    prove(client, user, seconds_ago=590)

    assert client.post(KEYS, MAKES_A_KEY).status_code == 200
    with tenant_scope(tenant):
        assert ApiKey.objects.count() == 1


def test_proof_of_another_person_counts_for_nothing(tenant: Tenant, client: Client) -> None:
    prove(client, User.objects.create(email="eve@example.com"))

    assert client.post(KEYS, MAKES_A_KEY)["Location"] == PROOF


def test_after_the_password_one_click_does_what_was_asked(tenant: Tenant, client: Client) -> None:
    page = client.post(KEYS, MAKES_A_KEY, headers={"Referer": f"http://localhost{KEYS}"})

    wrong = client.post(page["Location"], {"password": "wrong", "next": "/me/go-on/"})
    assert (wrong.status_code, client.get("/me/go-on/").status_code) == (200, 200)
    assert client.post(KEYS, MAKES_A_KEY)["Location"] == PROOF
    right = client.post(page["Location"], {"password": PASSWORD, "next": "/me/go-on/"})
    assert right["Location"] == "/me/go-on/"
    waiting = client.get("/me/go-on/").content.decode()

    for name, value in (("name", "Cargo TMS"), ("scopes", "freight:read"), ("scopes", "uploads:write")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in waiting
    assert f'<form method="post" action="{KEYS}">' in waiting
    assert "copy the key now" in client.post(KEYS, MAKES_A_KEY).content.decode()
    assert client.get("/me/go-on/").status_code == 302


def test_part_of_a_page_leads_to_the_proof_as_a_whole(client: Client) -> None:
    assert client.post(KEYS, MAKES_A_KEY, headers=HTMX)["HX-Redirect"] == PROOF


def test_role_that_may_not_is_refused_before_it_is_asked(tenant: Tenant) -> None:
    client = Client()
    client.force_login(make_member(tenant, "viewer"))

    assert client.post(KEYS, MAKES_A_KEY).status_code == 403


def test_address_of_strangers_is_no_way_back(client: Client) -> None:
    client.post(KEYS, MAKES_A_KEY, headers={"Referer": "https://evil.example.com/"})

    assert "evil.example.com" not in client.get("/me/go-on/").content.decode()


def test_guessing_has_its_pace(client: Client) -> None:
    answers = [client.post("/reauthenticate/", {"password": "wrong"}).status_code for _ in range(12)]

    assert 429 in answers

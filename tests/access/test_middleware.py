"""Who gets through to a page, in whose scope, and what an answer that refuses leaves behind."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from freightbridge.access.models import User
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Shipment
from tests.conftest import make_member
from tests.freight_factories import ShipmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.marked_pages")]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def as_member(tenant: Tenant, role: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_member(tenant, role), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def count(tenant: Tenant) -> int:
    with tenant_scope(tenant):
        return Shipment.objects.count()


def test_member_sees_his_company_and_no_other(tenant: Tenant, other_tenant: Tenant) -> None:
    for one, number in ((tenant, 2), (other_tenant, 5)):
        with tenant_scope(one):
            ShipmentFactory.create_batch(number, bill_to=None)

    answer = as_member(tenant, "viewer").get("/o/acme-freight/seen/")

    assert (answer.status_code, answer.content) == (200, b"acme-freight viewer 2")


def test_company_of_others_and_company_that_is_not_there_answer_alike(tenant: Tenant, other_tenant: Tenant) -> None:
    client = as_member(tenant, "admin")

    foreign, missing = (
        client.get(f"/o/{slug}/seen/", headers={"x-request-id": "FB-THE-SAME-1"})
        for slug in ("rival-lines", "no-such-firm")
    )

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content.replace(b"rival-lines", b"") == missing.content.replace(b"no-such-firm", b"")


def test_stranger_is_sent_to_the_log_in(tenant: Tenant) -> None:
    answer = Client().get("/o/acme-freight/seen/?page=2")

    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/o/acme-freight/seen/%3Fpage%3D2")


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("support", 403), ("operator", 200), ("admin", 200)])
def test_role_decides(tenant: Tenant, role: str, status: int) -> None:
    assert as_member(tenant, role).get("/o/acme-freight/made/200/").status_code == status
    assert count(tenant) == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    ("status", "kept"), [(200, 1), (302, 1), (400, 0), (403, 0), (404, 0), (409, 0), (422, 0), (500, 0)]
)
def test_answer_that_refuses_leaves_nothing_behind(tenant: Tenant, status: int, kept: int) -> None:
    answer = as_member(tenant, "operator").get(f"/o/acme-freight/made/{status}/")

    assert (answer.status_code, count(tenant)) == (status, kept)


def test_page_that_breaks_leaves_nothing_behind(tenant: Tenant) -> None:
    answer = as_member(tenant, "operator").get("/o/acme-freight/broken/")

    assert (answer.status_code, count(tenant)) == (500, 0)


def test_page_that_calls_another_system_has_no_scope_open(tenant: Tenant) -> None:
    assert as_member(tenant, "admin").get("/o/acme-freight/without-scope/").content == b"acme-freight None"
    assert as_member(tenant, "operator").get("/o/acme-freight/without-scope/").status_code == 403


@pytest.mark.parametrize("address", ["/unmarked/", "/o/acme-freight/unmarked/"])
def test_page_that_does_not_say_who_may_open_it_is_refused(tenant: Tenant, address: str) -> None:
    client = as_member(tenant, "admin")
    client.raise_request_exception = True

    with pytest.raises(ImproperlyConfigured, match="does not say who may open it"):
        client.get(address)


def test_pages_of_a_company_are_kept_by_no_cache(tenant: Tenant) -> None:
    answer = as_member(tenant, "viewer").get("/o/acme-freight/seen/")

    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("address", "status"), [("/open/", 200), ("/own/", 302), ("/staff/", 404)])
def test_pages_outside_every_company_as_a_stranger(address: str, status: int) -> None:
    assert Client().get(address).status_code == status


@pytest.mark.parametrize(("is_staff", "status"), [(True, 200), (False, 404)])
def test_staff_pages_are_for_staff(is_staff: bool, status: int) -> None:
    client = Client()
    user = User.objects.create(email="mia@example.com", is_staff=is_staff)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get("/staff/").status_code == status
    assert client.get("/own/").status_code == 200


def test_member_who_left_gets_in_no_more(tenant: Tenant) -> None:
    client = as_member(tenant, "admin")
    User.objects.update(is_active=False)

    assert client.get("/o/acme-freight/seen/").status_code == 302

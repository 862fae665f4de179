"""Support walks through a company for a reason and for a while, and PostgreSQL itself refuses to write meanwhile."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from freightbridge.access.models import Membership, User
from freightbridge.access.permission_checks import TenantRequest, access_of
from freightbridge.access.roles import ROLES
from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.outbound_events.models import EventEndpoint
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import ListVisit, SavedView, Shipment
from tests.conftest import PASSWORD, make_member
from tests.web.page_company import Visitor, assessed, company, prove, visitor
from tests.web.test_every_page import PAGES, SHOWN, address, objects
from tests.web.test_overview_page import words
from tests.web.test_support_pages import REASON, staff

__all__ = ["objects", "staff"]
REFUSED = "You are visiting Acme Freight as support, and a visit changes nothing."
BAR = 'id="visit-bar"'


@pytest.fixture
def visiting(tenant: Tenant, admin: Visitor, staff: Client) -> Client:
    """Has begun a visit to a connected company with a shipment and an admin."""
    company(tenant)
    assessed(tenant)
    return begin(staff)


@pytest.fixture
def visiting_all(objects: dict[str, str], staff: Client) -> Client:
    """Has begun a visit to a company with one object of each kind."""
    return begin(staff)


def begin(staff: Client) -> Client:
    assert staff.post("/support/visit/acme-freight/", {"reason": REASON}).status_code == 302
    return staff


def events(tenant: Tenant, action: str) -> list[AuditEvent]:
    with tenant_scope(tenant):
        return list(AuditEvent.objects.filter(action=action))


def page(client: Client, where: str, status: int = 200) -> str:
    response = client.get(where)
    assert response.status_code == status, where
    return unescape(response.content.decode())


def test_visit_begins_with_a_reason_from_the_desk(tenant: Tenant, staff: Client) -> None:
    assert 'href="/support/visit/acme-freight/"' in page(staff, "/support/")
    assert "Visit Acme Freight" in page(staff, "/support/visit/acme-freight/")

    refused = staff.post("/support/visit/acme-freight/", {"reason": "short"})

    assert "Say why you look" in refused.content.decode()
    assert staff.get("/o/acme-freight/").status_code == 404
    assert events(tenant, "support began a visit") == []


def test_visit_asks_who_it_is_unless_that_was_just_proved(tenant: Tenant, staff: Client) -> None:
    user = User.objects.get(email="staff@freightbridge.example")
    prove(staff, user, seconds_ago=601)

    asked = staff.post("/support/visit/acme-freight/", {"reason": REASON})

    assert (asked.status_code, asked["Location"]) == (302, "/reauthenticate/?next=%2Fme%2Fgo-on%2F")
    assert events(tenant, "support began a visit") == []
    assert staff.get("/o/acme-freight/").status_code == 404

    proved = staff.post(asked["Location"], {"password": PASSWORD}, follow=True)

    text = unescape(proved.content.decode())
    assert 'action="/support/visit/acme-freight/"' in text
    assert f'name="reason" value="{REASON}"' in text
    begun = staff.post("/support/visit/acme-freight/", {"reason": REASON})
    assert begun["Location"] == "/o/acme-freight/"
    assert len(events(tenant, "support began a visit")) == 1


def test_visit_shows_of_an_endpoint_the_host_alone(tenant: Tenant, staff: Client) -> None:
    whole, masked = "https://tms.example.com:8443/hook/abc?key=s3cret", "https://tms.example.com:8443/…"
    admin = visitor(tenant, "admin")
    admin.post("event_endpoints", url=whole, kinds=["document.paid"])
    with tenant_scope(tenant):
        endpoint = EventEndpoint.objects.get()
    addresses = ["events/", f"events/{endpoint.public_id}/", "activity/"]
    staff.post("/support/visit/acme-freight/", {"reason": REASON})

    seen = [page(staff, f"/o/acme-freight/settings/{one}") for one in addresses]

    for text in seen:
        assert masked in text
        assert "s3cret" not in text
        assert "/hook" not in text
    assert whole in unescape(admin.text("event_endpoints"))
    assert whole in unescape(admin.text("event_endpoint", endpoint.public_id))


def test_bar_names_company_person_reason_and_end_on_every_page(visiting_all: Client, objects: dict[str, str]) -> None:
    shown = {route: visiting_all.get(address(route, objects)) for route in SHOWN}
    whole = {
        route: unescape(answer.content.decode())
        for route, answer in shown.items()
        if answer.content.lstrip().startswith(b"<!doctype html>")
    }

    assert len(whole) > 40
    for route, text in whole.items():
        assert BAR in text, route
        assert "You are visiting Acme Freight as support. Nothing can be changed." in text, route
        assert re.search(rf"staff@freightbridge\.example, until \d\d:\d\d AE.T .*{REASON}", text), route
    for route in ("/support/", "/me/"):
        assert BAR in page(visiting_all, route), route


def test_every_page_opens_on_a_visit_as_it_does_for_support_and_writes_nothing(
    tenant: Tenant, visiting_all: Client, objects: dict[str, str]
) -> None:
    seen = visitor(tenant, "support").client

    theirs = {route: seen.get(address(route, objects)).status_code for route in SHOWN}
    with CaptureQueriesContext(connection) as queries:
        ours = {route: visiting_all.get(address(route, objects)).status_code for route in SHOWN}

    assert ours == theirs
    tried = [one["sql"] for one in queries if re.match(r"(INSERT|UPDATE|DELETE)", one["sql"])]
    assert [sql for sql in tried if "django_session" not in sql] == []


def test_every_button_is_refused_with_a_sentence(tenant: Tenant, visiting_all: Client, objects: dict[str, str]) -> None:
    for route in PAGES:
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(visiting_all, method)(address(route, objects))
            assert answer.status_code == 403, (route, method)
            assert REFUSED in unescape(answer.content.decode()), (route, method)


def test_page_that_writes_when_it_is_looked_at_is_refused_by_the_database(
    tenant: Tenant, visiting: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writes(request: TenantRequest) -> Any:
        SavedView.objects.create(name="written by looking", query="mode=air")
        raise AssertionError("PostgreSQL has let it through.")

    real = PAGES["shipments/"]
    writes.access = access_of(real.callback)  # type: ignore[attr-defined]
    monkeypatch.setattr(real, "callback", writes)

    answer = visiting.get("/o/acme-freight/shipments/")

    assert answer.status_code == 403
    text = unescape(answer.content.decode())
    assert REFUSED in text
    assert BAR in text
    with tenant_scope(tenant):
        assert not SavedView.objects.filter(name="written by looking").exists()


def test_nothing_is_kept_of_where_the_visitor_looked(tenant: Tenant, visiting: Client) -> None:
    page(visiting, "/o/acme-freight/shipments/")

    with tenant_scope(tenant):
        assert not ListVisit.objects.exists()
        assert not Membership.objects.filter(user__email="staff@freightbridge.example").exists()


def test_what_a_role_may_do_is_off_with_the_reason(visiting: Client, tenant: Tenant) -> None:
    text = page(visiting, "/o/acme-freight/settings/xero/")

    assert "You are only looking. To check payments takes somebody of Acme Freight." in text
    assert "visit.js" in text


def test_no_other_company_opens_on_a_visit(other_tenant: Tenant, visiting: Client) -> None:
    make_member(other_tenant, "admin")
    with tenant_scope(other_tenant):
        Membership.objects.create(user=User.objects.get(email="staff@freightbridge.example"), role="admin")

    text = page(visiting, "/o/rival-lines/", 404)

    assert BAR in text
    assert visiting.post("/o/rival-lines/shipments/columns/", {"column": "amount"}).status_code == 404
    visiting.post("/support/visit-end/")
    assert BAR not in page(visiting, "/o/rival-lines/")


def test_companys_admin_reads_who_looked_when_and_why(tenant: Tenant, visiting: Client) -> None:
    visiting.post("/support/visit-end/")

    admin = Client()
    admin.force_login(User.objects.get(email="admin@acme-freight.example"))

    text = words(page(admin, "/o/acme-freight/settings/activity/"))

    assert "Support began a visit" in text
    assert "Support ended its visit" in text
    assert "staff@freightbridge.example" in text
    assert REASON in text


def test_button_in_the_bar_ends_the_visit(tenant: Tenant, visiting: Client) -> None:
    assert 'action="/support/visit-end/"' in page(visiting, "/o/acme-freight/")

    answer = visiting.post("/support/visit-end/", follow=True)

    assert "Your visit to Acme Freight has ended." in answer.content.decode()
    assert visiting.get("/o/acme-freight/").status_code == 404


def test_visit_ends_by_itself(tenant: Tenant, visiting: Client) -> None:
    session = visiting.session
    kept = session["support_visit"]
    left = datetime.fromisoformat(kept["until_at"]) - read_clock()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    session["support_visit"] = {**kept, "until_at": (read_clock() - timedelta(seconds=1)).isoformat()}
    session.save()

    assert visiting.get("/o/acme-freight/shipments/", headers={"HX-Request": "true"})["HX-Redirect"] == (
        "/support/visit-over/"
    )
    answer = visiting.get("/o/acme-freight/", follow=True)

    assert answer.redirect_chain == [("/support/visit-over/", 302), ("/support/visit/acme-freight/", 302)]
    assert "Your visit to Acme Freight is over: it lasts 30 minutes." in answer.content.decode()
    assert visiting.get("/o/acme-freight/").status_code == 404
    assert events(tenant, "support ended its visit") == []


def test_who_is_of_the_staff_no_more_visits_no_more(visiting: Client) -> None:
    User.objects.filter(email="staff@freightbridge.example").update(is_staff=False)

    assert visiting.get("/o/acme-freight/").status_code == 404


def test_company_that_asks_for_a_second_step_asks_support_too(tenant: Tenant, visiting: Client) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(needs_two_step=True)

    assert visiting.get("/o/acme-freight/")["Location"] == "/me/two-step-needed/"


def test_nobody_else_visits(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    assessed(tenant)
    for client in (admin.client, Client()):
        assert client.get("/support/visit/acme-freight/").status_code == 404
        assert client.post("/support/visit/acme-freight/", {"reason": REASON}).status_code == 404
        assert client.post("/support/visit-end/").status_code == 404
        assert client.get("/support/visit-over/").status_code == 404
    with tenant_scope(tenant):
        assert Shipment.objects.exists()


def test_role_of_a_visit_can_be_given_to_nobody() -> None:
    assert "visiting" not in ROLES

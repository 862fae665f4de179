import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.models import WorkItem
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import (
    ChargeRule,
    ConnectionSettings,
    ContactLink,
    OrganisationLane,
    SyncJob,
    TaxRule,
    WebhookEvent,
    XeroConnection,
    XeroDocument,
    XeroGrant,
)
from integrations.web.scope_words import scope_words
from integrations.webhooks.route_events import route_events
from tests.conftest import NOW
from tests.web.page_company import Visitor, assessed, company, sent


def change(tenant: Tenant, **fields: object) -> None:
    with tenant_scope(tenant):
        XeroConnection.objects.update(**fields)


def test_connection_never_made_offers_to_connect(admin: Visitor) -> None:
    page = admin.text("xero_connection")

    assert "Not connected yet" in page
    assert "Connect to Xero" in page
    assert "Xero<span" in page
    assert "not connected" in page


def test_connection_shows_the_organisation_the_budget_and_what_is_known(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    change(tenant, is_demo_company=True, connected_by="admin@acme-freight.example")
    with tenant_scope(tenant):
        OrganisationLane.objects.update(day_left=812, day_limit=5000)

    page = admin.text("xero_connection")

    shown = ("Harbour &amp; Hinterland", "DEMO", "Connected", "AUD", "admin@acme-freight.example", "Ledger accounts")
    assert [text in page for text in shown] == [True] * 6
    assert "Today: <strong>" in page


def test_connection_tells_when_xero_last_spoke_by_itself(tenant: Tenant, admin: Visitor, settings: Any) -> None:
    connection = company(tenant)

    settings.XERO_WEBHOOK_KEYS = []
    without_key = admin.text("xero_connection")
    settings.XERO_WEBHOOK_KEYS = ["a key"]
    with_key = admin.text("xero_connection")
    WebhookEvent.objects.create(
        organisation_id=connection.organisation_id, resource_id=UUID(int=1), category="INVOICE", event_type="UPDATE",
        happened_at=NOW, received_at=NOW,
    )  # fmt: skip
    route_events(0.0)
    spoken = " ".join(admin.text("xero_connection").split())

    assert "Not set up" in without_key
    assert "Never yet" in with_key
    assert re.search(r"Webhook last seen</dt><dd[^>]*>.{0,200}?20\d\d", spoken)


def lose(tenant: Tenant, **changes: object) -> None:
    change(tenant, status="needs reconnect", lost_at=NOW, lost_reason="somebody has disconnected us", **changes)


def test_lost_connection_is_told_to_everybody_on_every_page(tenant: Tenant, viewer: Visitor, admin: Visitor) -> None:
    """Who can act sees the button, the others whom to ask."""
    company(tenant)
    lose(tenant)

    by_viewer, by_admin = (" ".join(visitor.text("shipments").split()) for visitor in (viewer, admin))

    for seen in (by_viewer, by_admin):
        assert "The connection to Harbour &amp; Hinterland is lost</strong> since" in seen
        assert ": somebody has disconnected us. What is queued waits" in seen
    assert "Please ask Admin Acme Freight to reconnect." in by_viewer
    assert "Please ask" not in by_admin
    assert ("/settings/xero/" in by_viewer, "/settings/xero/connect/" in by_admin) == (False, True)


def test_lost_connection_without_anybody_who_may_reconnect_says_so(tenant: Tenant, viewer: Visitor) -> None:
    company(tenant)
    lose(tenant)

    assert "Nobody in Acme Freight may reconnect it at the moment." in viewer.text("shipments")


def test_lost_connection_is_told_once_on_its_own_page(tenant: Tenant, operator: Visitor, admin: Visitor) -> None:
    company(tenant)
    lose(tenant)

    by_operator, by_admin = operator.text("xero_connection"), admin.text("xero_connection")

    assert by_admin.count("is lost") == by_operator.count("is lost") == 1
    assert by_admin.count('role="alert"') == by_operator.count('role="alert"')
    assert "Please ask Admin Acme Freight to reconnect." in by_operator


def with_grant(tenant: Tenant, **changes: object) -> XeroGrant:
    with tenant_scope(tenant):
        connection = XeroConnection.objects.get()
        fields = {"expires_at": NOW, "refreshed_at": NOW, **changes}
        grant = XeroGrant.objects.create(xero_user_id=connection.public_id, **fields)
        XeroConnection.objects.update(grant=grant, last_good_call_at=NOW)
        enqueue_work("keep grant alive", [grant.pk], now=NOW, at=NOW + timedelta(days=6))
        enqueue_work("look in at xero", [connection.pk], now=NOW, at=NOW + timedelta(days=1))
    return grant


def test_health_says_when_tokens_were_renewed_will_be_and_when_the_consent_ends(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    with_grant(tenant)

    page = admin.text("xero_connection")

    told = ("Last good call", "Token renewed", "2 Mar 2026, 20:30", "8 Mar 2026, 20:30", "1 May 2026, 19:30",
            "3 Mar 2026, 20:30")  # fmt: skip
    assert [text for text in told if text not in page] == []
    assert "does not answer" not in page


def test_health_of_a_lost_grant_promises_nothing(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    with_grant(tenant, revoked_at=NOW)
    lose(tenant)

    page = admin.text("xero_connection")

    assert "After reconnecting" in page
    assert "Ended" in page
    assert "1 May 2026" not in page


def test_renewal_that_fails_is_told_before_it_matters(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    with_grant(tenant, refresh_started_at=NOW, refresh_failures=3)

    page = admin.text("xero_connection")

    assert "log-in service does not answer" in page
    assert "could not be renewed since" in page


def test_lost_connection_says_how_many_documents_wait(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, 2), state="queued")
    change(tenant, status="needs reconnect")

    page = admin.text("xero_connection")

    assert "2 documents wait and will go by themselves after reconnecting." in " ".join(page.split())


def test_disconnected_says_what_stays(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    change(tenant, status="disconnected", disconnected_at=NOW)

    page = admin.text("xero_connection")

    assert "Harbour &amp; Hinterland is disconnected" in page
    assert "mappings and rules are all still here" in page


@pytest.mark.parametrize(
    ("page", "kind"), [("refresh_from_xero", "refresh reference data"), ("check_payments", "check payments")]
)
def test_buttons_ask_a_worker(tenant: Tenant, admin: Visitor, page: str, kind: str) -> None:
    connection = company(tenant)

    admin.post(page)

    with tenant_scope(tenant):
        assert list(WorkItem.objects.values_list("kind", "subject_id")) == [(kind, connection.pk)]
    assert 'hx-trigger="every 3s"' in admin.text("xero_connection")


@pytest.mark.parametrize(
    ("referer", "location"),
    [
        ("http://testserver/o/acme-freight/invoices/?state=in-xero", "/o/acme-freight/invoices/?state=in-xero"),
        ("https://evil.example/o/acme-freight/invoices/", "/o/acme-freight/settings/xero/"),
        ("", "/o/acme-freight/settings/xero/"),
    ],
)
def test_check_payments_leads_back_to_where_the_button_stood(
    tenant: Tenant, admin: Visitor, settings: object, referer: str, location: str
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]  # type: ignore[attr-defined]
    company(tenant)

    response = admin.client.post("/o/acme-freight/settings/xero/check-payments/", headers={"Referer": referer})

    assert response["Location"] == location


def test_disconnect_without_the_name_changes_nothing(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)

    admin.post("xero_disconnect", typed="harbour")

    with tenant_scope(tenant):
        assert XeroConnection.objects.get().status == "connected"
    assert "the name you typed is not Harbour &amp; Hinterland." in admin.text("xero_connection")


def test_disconnect_needs_the_role(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    response = operator.post("xero_disconnect", typed="Harbour & Hinterland")

    with tenant_scope(tenant):
        assert XeroConnection.objects.get().status == "connected"
    assert response.status_code == 403


@pytest.mark.django_db(transaction=True)
def test_disconnect_with_the_name_ends_it_outside_any_transaction(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)

    admin.post("xero_disconnect", typed=" Harbour & Hinterland ")

    with tenant_scope(tenant):
        assert XeroConnection.objects.get().status == "disconnected"
    assert "Harbour &amp; Hinterland is disconnected." in admin.text("xero_connection")


def kept(tenant: Tenant) -> dict[str, list[int]]:
    """What a disconnect must leave, by its ids."""
    models = (ChargeRule, TaxRule, ConnectionSettings, ContactLink, XeroDocument, SyncJob)
    with tenant_scope(tenant):
        return {model.__name__: list(model.objects.order_by("id").values_list("id", flat=True)) for model in models}


@pytest.mark.django_db(transaction=True)
def test_disconnecting_leaves_what_it_said_before_that_it_leaves(tenant: Tenant, admin: Visitor) -> None:
    connection = company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        ContactLink.objects.create(
            connection=connection, customer_code="C-1", contact_id=connection.public_id, contact_name="Acme",
            matched_by="hand", matched_at=NOW,
        )  # fmt: skip
    standing, before = kept(tenant), admin.text("xero_connection")

    admin.post("xero_disconnect", typed="Harbour & Hinterland")

    assert "Documents that were sent stay in Xero and here; mappings and rules stay too." in before
    assert "Documents that were sent, mappings and rules stay." in before
    with tenant_scope(tenant):
        assert XeroConnection.objects.get().status == "disconnected"
    assert min(len(ids) for ids in standing.values()) == 1
    assert kept(tenant) == standing


def test_scopes_are_told_in_words_and_unknown_ones_by_their_name(tenant: Tenant, admin: Visitor) -> None:
    connection = company(tenant)
    with tenant_scope(tenant):
        grant = XeroGrant.objects.create(
            xero_user_id=connection.public_id, scopes=["accounting.attachments"], expires_at=NOW, refreshed_at=NOW
        )
        XeroConnection.objects.update(grant=grant)

    assert "<li>Attach PDFs</li>" in admin.text("xero_connection")
    assert scope_words(["openid", "payroll", "offline_access"]) == ["Do so while nobody is signed in", "payroll"]

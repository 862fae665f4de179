"""Through the sandbox's own consent page, as a browser goes: away to Xero and back with a code."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from freightbridge.access.models import Membership
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.xero_hosts import identity_api
from integrations.models import OAuthState, XeroConnection
from integrations.xero_gateway.identity_api import IdentityApi
from tests.offline_company import offline_company
from tests.web.page_company import Visitor, company, visitor
from tests.xero_sandbox.consent_walk import authorise
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTION_PAGE = "/o/acme-freight/settings/xero/"


def begin(person: Visitor) -> str:
    """The state that goes to Xero with the person."""
    response = person.post("xero_connect")
    assert response.status_code == 302
    return parse_qs(urlsplit(response["Location"]).query)["state"][0]


def come_back(person: Visitor, **query: str) -> str:
    response = person.client.get("/xero/callback/", query)
    assert response.status_code == 302
    return str(response["Location"])


def consent(xero: SandboxProcess, state: str, country: str) -> dict[str, str]:
    """What Xero sends along after somebody allowed it for an organisation."""
    answer = authorise(xero, country=country, state=state, redirect_uri=identity_api().redirect_uri)
    return {"code": answer["code"], "state": state}


@pytest.fixture
def several(xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The sandbox's consent page takes one organisation at a time, Xero's takes many: here every answer tells all
    that the person ever allowed, so that a second consent reaches two.
    """
    all_of_them = IdentityApi.connections

    def without_event(api: IdentityApi, token: str, *, authentication_event_id: str = "") -> Any:
        del authentication_event_id
        return all_of_them(api, token)

    monkeypatch.setattr(IdentityApi, "connections", without_event)
    consent(xero, "elsewhere", "AU")


def connected(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(XeroConnection.objects.exclude(status="disconnected").values_list("name", flat=True))


def test_connect_leads_to_xero_with_a_state_of_this_session(
    tenant: Tenant, admin: Visitor, xero: SandboxProcess
) -> None:
    response = admin.post("xero_connect")

    query = parse_qs(urlsplit(response["Location"]).query)
    assert response["Location"].startswith(f"{xero.url}/identity/connect/authorize?")
    assert query["redirect_uri"] == ["http://localhost:8000/xero/callback/"]
    with tenant_scope(tenant):
        assert OAuthState.objects.count() == 1


def test_consent_of_one_organisation_connects_it_and_leaves_no_code_in_the_address(
    tenant: Tenant, admin: Visitor, xero: SandboxProcess
) -> None:
    state = begin(admin)

    location = come_back(admin, **consent(xero, state, "AU"))

    assert location == CONNECTION_PAGE
    assert connected(tenant) == ["Harbour & Hinterland Freight (AU)"]
    assert "is connected." in admin.text("xero_connection")


def test_cancelled_consent_changes_nothing_and_says_so(tenant: Tenant, admin: Visitor, xero: SandboxProcess) -> None:
    location = come_back(admin, state=begin(admin), error="access_denied")

    assert (location, connected(tenant)) == (CONNECTION_PAGE, [])
    assert "You did not allow it at Xero, so nothing was changed." in admin.text("xero_connection")


def test_state_is_good_for_one_use_only(tenant: Tenant, admin: Visitor, xero: SandboxProcess) -> None:
    state = begin(admin)
    come_back(admin, **consent(xero, state, "AU"))

    assert come_back(admin, code="again", state=state) == "/"


@pytest.mark.parametrize("state", ["", "invented"])
def test_answer_without_a_state_of_ours_is_not_believed(
    tenant: Tenant, admin: Visitor, xero: SandboxProcess, state: str
) -> None:
    assert come_back(admin, code="x", state=state) == "/"
    assert connected(tenant) == []


def test_state_of_somebody_else_is_not_believed(tenant: Tenant, admin: Visitor, xero: SandboxProcess) -> None:
    other = visitor(tenant, "operator")
    state = begin(admin)

    assert come_back(other, code="x", state=state) == "/"


def test_role_that_was_lost_meanwhile_connects_nothing(tenant: Tenant, admin: Visitor, xero: SandboxProcess) -> None:
    state = begin(admin)
    with tenant_scope(tenant):
        Membership.objects.update(role="viewer")

    come_back(admin, **consent(xero, state, "AU"))

    assert connected(tenant) == []


def test_code_that_xero_refuses_connects_nothing(tenant: Tenant, admin: Visitor, xero: SandboxProcess) -> None:
    come_back(admin, code="never-issued", state=begin(admin))

    assert connected(tenant) == []
    assert "Xero did not complete the connection" in admin.text("xero_connection")


def test_second_organisation_joins_and_takes_documents_by_rule_only(
    tenant: Tenant, admin: Visitor, xero: SandboxProcess
) -> None:
    company(tenant)
    state = begin(admin)

    come_back(admin, **consent(xero, state, "NZ"))

    assert sorted(connected(tenant)) == ["Harbour & Hinterland", "Southern Cross Forwarding (NZ)"]
    assert "Documents go there by a rule only" in admin.text("xero_connection")


@pytest.mark.parametrize("chosen", [["NZ"], ["AU", "NZ"]])
def test_of_several_organisations_as_many_are_connected_as_are_chosen(
    tenant: Tenant, admin: Visitor, xero: SandboxProcess, several: None, chosen: list[str]
) -> None:
    names = {"AU": "Harbour & Hinterland Freight (AU)", "NZ": "Southern Cross Forwarding (NZ)"}
    location = come_back(admin, **consent(xero, begin(admin), "NZ"))
    page = admin.text("xero_choose")
    after = admin.post("xero_choose", organisation=[xero.organisation_id(country) for country in chosen])

    assert location == f"{CONNECTION_PAGE}choose/"
    assert ("Harbour" in page, "Southern Cross" in page) == (True, True)
    assert after["Location"] == CONNECTION_PAGE
    assert sorted(connected(tenant)) == sorted(names[country] for country in chosen)


def test_organisation_of_another_company_cannot_be_chosen(
    tenant: Tenant, other_tenant: Tenant, admin: Visitor, xero: SandboxProcess, several: None
) -> None:
    with tenant_scope(other_tenant):
        theirs = offline_company()
        XeroConnection.objects.filter(pk=theirs.pk).update(organisation_id=xero.organisation_id("AU"))
    come_back(admin, **consent(xero, begin(admin), "NZ"))

    page = admin.text("xero_choose")
    admin.post("xero_choose", organisation=xero.organisation_id("AU"))

    assert "It is connected to another company on FreightBridge already." in page
    assert connected(tenant) == []


def test_choice_without_a_consent_leads_back(admin: Visitor) -> None:
    assert admin.get("xero_choose")["Location"] == CONNECTION_PAGE

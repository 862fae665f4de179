from typing import Any

import pytest
from django.test import Client

from freightbridge.access.models import Membership, User
from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroDocument
from tests.conftest import make_member
from tests.freight_factories import CustomerFactory
from tests.web.page_company import Visitor, assessed, company, sent, visitor

ID = {"X-Request-ID": "quote-me-please"}


def test_missing_page_quotes_the_request_and_leads_back(operator: Visitor) -> None:
    response = operator.client.get("/nowhere/", headers=ID)

    page = response.content.decode()
    assert response.status_code == 404
    assert ("There is no such page" in page, 'data-copy="quote-me-please"' in page) == (True, True)
    # Where "Copied" is said.
    assert ('id="toasts"' in page, 'href="/"' in page) == (True, True)


def test_mistake_of_ours_tells_nothing_and_leaves_nothing(
    tenant: Tenant, operator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save_and_break(*_arguments: Any, **_keywords: Any) -> None:
        CustomerFactory(code="HALF-DONE")
        raise RuntimeError("the reason, with a secret")

    monkeypatch.setattr("invoices.web.customer_pages.save_customer", save_and_break)
    client = Client(raise_request_exception=False)
    client.force_login(make_member(tenant, "admin"))

    response = client.post(
        "/o/acme-freight/customers/new/", {"code": "C", "name": "N", "grouping": "daily"}, headers=ID
    )

    page = response.content.decode()
    assert response.status_code == 500
    assert ("We made a mistake" in page, "quote-me-please" in page, "secret" in page) == (True, True, False)
    with tenant_scope(tenant):
        assert AuditEvent.objects.count() == 0
    assert "HALF-DONE" not in operator.text("customers")


def test_refused_page_is_rolled_back(tenant: Tenant, viewer: Visitor) -> None:
    response = viewer.post("customer_new", code="C", name="N", grouping="daily")

    assert response.status_code == 403
    assert "Your role is Viewer; to edit freight takes Admin or Operator." in response.content.decode()


def test_form_without_its_token_says_what_to_do(tenant: Tenant) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(tenant, "operator"))

    response = client.post("/o/acme-freight/shipments/send/")

    assert response.status_code == 403
    assert "That form is too old" in response.content.decode()


def test_malformed_request_is_refused_with_a_sentence(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    response = operator.post("send", shipment="x")

    assert response.status_code == 400
    assert "That request makes no sense to us" in response.content.decode()


def test_start_leads_to_the_only_company(tenant: Tenant, operator: Visitor) -> None:
    assert operator.client.get("/")["Location"] == "/o/acme-freight/"


def test_start_lets_choose_between_several_companies(tenant: Tenant, other_tenant: Tenant, operator: Visitor) -> None:
    with tenant_scope(other_tenant):
        Membership.objects.create(user=User.objects.get(), role="viewer")

    page = operator.client.get("/").content.decode()

    assert ("Acme Freight" in page, "Rival Lines" in page) == (True, True)


def test_person_of_no_company_is_told_whom_to_ask(tenant: Tenant) -> None:
    client = Client()
    client.force_login(User.objects.create_user("new@example.com", "a long enough password"))

    assert "Ask an admin of your company to add you." in client.get("/").content.decode()


def test_links_of_xero_lead_to_the_invoice_in_whichever_company_has_it(
    tenant: Tenant, other_tenant: Tenant, operator: Visitor
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        document = XeroDocument.objects.select_related("invoice").get()
    address = f"/d/{document.identity}"
    stranger = visitor(other_tenant, "admin")

    assert operator.client.get(address)["Location"] == f"/o/acme-freight/invoices/{document.invoice.public_id}/"
    assert stranger.client.get(address, headers=ID).status_code == 404
    assert stranger.client.get(address, headers=ID).content == stranger.client.get("/d/NONE", headers=ID).content


@pytest.mark.parametrize("address", ["/login/", "/logout/", "/password/reset/", "/password/reset/done/", "/inactive/"])
def test_pages_outside_companies_stand_in_our_frame(db: None, address: str) -> None:
    response = Client().get(address, follow=True)

    page = response.content.decode()
    assert response.status_code == 200
    assert (" style=" in page, "FreightBridge</title>" in page) == (False, True)


OWN = [
    "/password/change/", "/email/", "/companies/", "/logout/", "/me/", "/me/two-step/", "/me/two-step/webauthn/",
    "/me/two-step-needed/", "/reauthenticate/",
]  # fmt: skip


@pytest.mark.parametrize("address", OWN)
def test_pages_of_ones_own_stand_in_our_frame(operator: Visitor, address: str) -> None:
    page = operator.client.get(address).content.decode()

    assert (" style=" in page, "FreightBridge</title>" in page) == (False, True)


def test_character_that_no_text_may_have_is_refused_and_not_called_a_mistake_of_ours(operator: Visitor) -> None:
    answers = [operator.get("find", q="HHF\x00"), operator.post("map_customer", code="A\x00", contact="B")]

    assert [answer.status_code for answer in answers] == [400, 400]

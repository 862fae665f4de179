"""Every page, light and dark, wide and narrow: for everybody who reads it, and for the policy that guards it."""

from collections.abc import Callable

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.lose_connection import lose_connection
from integrations.models import SyncAttempt
from invoices.models import Customer, Invoice, Shipment
from tests.conftest import NOW, make_member
from tests.journeys.chromium_window import Window
from tests.web.page_company import assessed, company, sent, visitor
from tests.web.test_upload_pages import STRANGE, choose

PROBLEM = {"code": "FB-201", "subject": "C-9", "words": {"customer": "C-9", "xero": "Contact not found"}}
COMPANY = "/o/acme-freight/"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def pages(served: str, tenant: Tenant) -> list[str]:
    """With something in each state on them."""
    company(tenant)
    assessed(tenant, incoterm="")
    assessed(tenant, do_not_send_reason="Invoiced by hand")
    sent(tenant, [*assessed(tenant), *assessed(tenant, incoterm="")])
    sent(tenant, assessed(tenant), state="attention", problems=[PROBLEM], problem_code="FB-201")
    operator = visitor(tenant, "operator")
    choose(operator, STRANGE)
    with tenant_scope(tenant):
        done, stuck = (Shipment.objects.filter(accounting_state=state).first() for state in ("in xero", "attention"))
        invoice, customer, attempt = Invoice.objects.first(), Customer.objects.first(), SyncAttempt.objects.first()
    paths = [
        "shipments/", "shipments/?state=not-ready", "shipments/?q=nothing", "shipments/new/",
        f"shipments/{stuck.public_id}/", f"shipments/{stuck.public_id}/integration/",
        f"shipments/{done.public_id}/payments/", f"shipments/{done.public_id}/documents/",
        f"shipments/{done.public_id}/history/", f"shipments/{done.public_id}/edit/", "invoices/",
        f"invoices/{invoice.public_id}/", "customers/", f"customers/{customer.public_id}/",
        f"customers/{customer.public_id}/edit/", "import/", "import/1/", "sends/", "sends/1/", "logs/",
        f"logs/calls/{attempt.public_id}/", "settings/xero/", "settings/sending/", "mappings/charges/",
        "mappings/taxes/", "mappings/customers/",
    ]  # fmt: skip
    return [*(f"{COMPANY}{path}" for path in paths), "/companies/", "/password/change/"]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_without_fault(
    pages: list[str], tenant: Tenant, window: Callable[[], Window], theme: str, width: int
) -> None:
    make_member(tenant, "admin")
    seen = window()
    seen.look_as(theme=theme, width=width)
    seen.open("/login/")
    faults = {"/login/": seen.faults()}
    seen.sign_in("admin@acme-freight.example")

    for page in pages:
        seen.open(page)
        assert seen.driver.execute_script("return document.documentElement.dataset.bsTheme") == theme
        faults[page] = seen.faults()

    assert {page: found for page, found in faults.items() if found} == {}


def test_what_is_picked_survives_paging_and_the_lists_own_refresh(
    served: str, tenant: Tenant, window: Callable[[], Window]
) -> None:
    company(tenant)
    assessed(tenant, 55)
    sent(tenant, assessed(tenant), state="sending")
    make_member(tenant, "operator")
    seen = window()
    seen.sign_in("operator@acme-freight.example")

    seen.one("#pick-page").click()
    seen.scroll_to(seen.one("a[rel=next]")).click()
    seen.wait_for(lambda: "after=" in seen.driver.current_url, "no second page")
    seen.wait_for(lambda: len(seen.find("input[name=shipment]")) == 6, "no second page")
    seen.scroll_to(seen.one("input[name=shipment]")).click()
    before = seen.one("#list").id
    seen.wait_for(lambda: seen.one("#list").id != before, "the list did not refresh itself")

    assert seen.text("#bulk-summary").startswith("51 selected · AUD ")
    assert [box.is_selected() for box in seen.find("input[name=shipment]")] == [True, *[False] * 5]


def test_lost_connection_is_without_fault_for_those_who_mend_it_and_those_who_ask(
    served: str, tenant: Tenant, window: Callable[[], Window]
) -> None:
    connection = company(tenant)
    with tenant_scope(tenant):
        lose_connection(connection.pk, reason="Xero has ended our authorisation", now=NOW)
    faults = {}

    for role, page in (("admin", "settings/xero/"), ("viewer", "shipments/")):
        make_member(tenant, role)
        seen = window()
        seen.sign_in(f"{role}@acme-freight.example")
        for theme, width in (("light", 1440), ("dark", 390)):
            seen.look_as(theme=theme, width=width)
            seen.open(f"{COMPANY}{page}")
            assert "is lost" in seen.text(".alert-danger")
            faults[role, theme] = seen.faults()

    assert {look: found for look, found in faults.items() if found} == {}

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroDocument
from tests.conftest import PASSWORD, make_member
from tests.freight_factories import BillingEntityFactory
from tests.journeys.chromium_window import Window
from tests.journeys.month_of_freight import SHIPMENTS, month_of_freight
from tests.journeys.press_counter import PressCounter
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

IN_XERO = "a[href='?state=in-xero'] .badge"

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.timeout(300)]


@pytest.fixture
def month(tenant: Tenant, xero: SandboxProcess) -> Tenant:
    """A connected company with sixty shipments that are ready, and an operator."""
    connect(tenant, xero, attach_pdf=True)
    make_member(tenant, "operator")
    with tenant_scope(tenant):
        BillingEntityFactory()
        month_of_freight()
    return tenant


def documents(tenant: Tenant, **of: object) -> int:
    with tenant_scope(tenant):
        return XeroDocument.objects.filter(**of).count()


def test_operator_sends_sixty_shipments_and_sees_one_of_them_paid_without_a_mouse(
    month: Tenant, xero: SandboxProcess, served: str, working: None, window: Callable[[], Window]
) -> None:
    freightbridge = window()
    presses = PressCounter(freightbridge.driver)
    freightbridge.open("/login/")
    freightbridge.tab_to("Email")
    freightbridge.keys("operator@acme-freight.example", Keys.TAB, PASSWORD, Keys.ENTER)
    freightbridge.wait_for(lambda: freightbridge.text("h1") == "Overview", "not signed in")

    # Select all sixty, send them.
    freightbridge.keys("g", "s")
    freightbridge.wait_for(lambda: freightbridge.text("h1") == "Shipments", "no list")
    freightbridge.keys("a", "a")
    freightbridge.wait_for(lambda: "60 selected" in freightbridge.text("#bulk-summary"), "not all are selected")
    freightbridge.keys("s")
    freightbridge.wait_for(lambda: "60 shipments" in freightbridge.text("#send-dialog"), "no dialog")
    freightbridge.wait_for(lambda: freightbridge.focused() == "Send 60", "the focus is not on Send")
    freightbridge.keys(Keys.ENTER)

    # Watch them become In Xero, without a reload.
    freightbridge.wait_for(lambda: freightbridge.text("h1") == "Send 1", "no batch")
    freightbridge.wait_for(lambda: "Finished" in freightbridge.text("#live [role=status]"), "not finished")
    freightbridge.keys("g", "s")
    freightbridge.wait_for(lambda: freightbridge.text(IN_XERO) == "60", "the list does not show them")
    assert documents(month, state="in xero", has_pdf=True) == SHIPMENTS
    assert len(xero.admin("documents", organisation="AU", status="AUTHORISED")["documents"]) >= SHIPMENTS

    # Open one there, with its PDF, and pay it.
    freightbridge.keys("j", "o")
    here, in_xero = freightbridge.wait_for(lambda: two_tabs(freightbridge), "not opened in Xero")
    number = freightbridge.one("tbody tr").find_element(By.CSS_SELECTOR, "a[href*='/invoices/']").text
    freightbridge.driver.switch_to.window(in_xero)
    freightbridge.wait_for(lambda: f"{number}-FB-" in freightbridge.text("body"), "no PDF in Xero")
    freightbridge.driver.switch_to.window(here)
    with tenant_scope(month):
        document = XeroDocument.objects.get(number=number)
    xero.act("pay", document=str(document.xero_id), amount=str(document.total))

    # See it paid here.
    freightbridge.keys(Keys.ENTER)
    freightbridge.wait_for(lambda: freightbridge.find("nav[aria-label='The shipment']"), "not opened")
    freightbridge.tab_to("Payments")
    freightbridge.keys(Keys.ENTER)
    freightbridge.tab_to("Check payments now")
    freightbridge.keys(Keys.ENTER)
    freightbridge.wait_for(lambda: "Paid" in freightbridge.text("#live .status-green"), "never seen paid")
    assert documents(month, money_state="paid") == 1
    assert len(presses.presses()) > 10
    assert [press for press in presses.presses() if press.startswith("pointer")] == []
    assert freightbridge.complaints() == []


def two_tabs(seen: Window) -> list[str]:
    """Ours and the one that was opened, once it is there."""
    handles = seen.driver.window_handles
    return handles if len(handles) == 2 else []

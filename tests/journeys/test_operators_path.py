from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroDocument
from invoices.models import Shipment
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW, make_member
from tests.freight_factories import (
    BillingEntityFactory,
    ChargeCodeFactory,
    ChargeFactory,
    CustomerFactory,
    ShipmentFactory,
)
from tests.journeys.chromium_window import Window
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

SHIPMENTS = 60
IN_XERO = "a[href='?state=in-xero'] .badge"

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.timeout(300)]


@pytest.fixture
def month(tenant: Tenant, xero: SandboxProcess) -> Tenant:
    """A connected company with sixty shipments that are ready, and an operator."""
    connect(tenant, xero, attach_pdf=True)
    make_member(tenant, "operator")
    with tenant_scope(tenant):
        BillingEntityFactory()
        customers, code = CustomerFactory.create_batch(5), ChargeCodeFactory()
        for number in range(SHIPMENTS):
            ChargeFactory(shipment=ShipmentFactory(bill_to=customers[number % 5]), charge_code=code)
        ids = list(Shipment.objects.values_list("id", flat=True))
        assess_shipments(ids, tenant=tenant, now=NOW)
    return tenant


def documents(tenant: Tenant, **of: object) -> int:
    with tenant_scope(tenant):
        return XeroDocument.objects.filter(**of).count()


def test_operator_sends_sixty_shipments_and_sees_one_of_them_paid(
    month: Tenant, xero: SandboxProcess, served: str, working: None, window: Callable[[], Window]
) -> None:
    freightbridge = window()
    freightbridge.sign_in("operator@acme-freight.example")

    # Select all sixty, send them.
    freightbridge.open("/o/acme-freight/shipments/?state=ready")
    freightbridge.one("#pick-page").click()
    freightbridge.press("Select all 60 that match")
    freightbridge.wait_for(lambda: "60 selected" in freightbridge.text("#bulk-summary"), "not all are selected")
    freightbridge.press("Send to Accounting", inside="//*[@id='bulk-bar']")
    freightbridge.wait_for(lambda: "60 shipments" in freightbridge.text("#send-dialog"), "no dialog")
    assert freightbridge.driver.switch_to.active_element.text == "Send 60"
    freightbridge.driver.switch_to.active_element.click()

    # Watch them become In Xero, without a reload.
    freightbridge.wait_for(lambda: freightbridge.text("h1") == "Send 1", "no batch")
    freightbridge.wait_for(lambda: "Finished" in freightbridge.text("#live [role=status]"), "not finished")
    freightbridge.open("/o/acme-freight/shipments/")
    assert freightbridge.text(IN_XERO) == "60"
    assert documents(month, state="in xero", has_pdf=True) == SHIPMENTS
    assert len(xero.admin("documents", organisation="AU", status="AUTHORISED")["documents"]) >= SHIPMENTS

    # Open one there, with its PDF, and pay it.
    first = freightbridge.one("tbody tr")
    number = first.find_element(By.CSS_SELECTOR, "a[href*='/invoices/']").text
    in_xero = window()
    in_xero.open(first.find_element(By.CSS_SELECTOR, "a[target=_blank]").get_attribute("href") or "")
    assert number in in_xero.text("body")
    assert f"{number}-FB-" in in_xero.text("body")
    with tenant_scope(month):
        document = XeroDocument.objects.get(number=number)
    xero.act("pay", document=str(document.xero_id), amount=str(document.total))

    # See it paid here.
    first.find_element(By.CSS_SELECTOR, "a[id^=open]").click()
    freightbridge.press("Payments")
    freightbridge.press("Check payments now")
    freightbridge.wait_for(lambda: "Paid" in freightbridge.text("#live .status-green"), "never seen paid")
    assert documents(month, money_state="paid") == 1
    assert freightbridge.complaints() == []

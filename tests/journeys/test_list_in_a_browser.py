"""The shipment list as somebody arranges it: a view under a name, columns, density, and the card on a telephone."""

from collections.abc import Callable

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.freight_factories import CustomerFactory
from tests.journeys.chromium_window import Window
from tests.web.page_company import assessed, company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def test_list_is_arranged_once_and_stays_so(served: str, tenant: Tenant, window: Callable[[], Window]) -> None:
    company(tenant)
    assessed(tenant, number="SHP-SEA", branch="Perth")
    with tenant_scope(tenant):
        customer = CustomerFactory(code="C-1", name="Coastal")
    assessed(tenant, number="SHP-AIR", mode="air", bill_to=customer)
    make_member(tenant, "operator")
    seen = window()
    seen.sign_in("operator@acme-freight.example")
    seen.open("/o/acme-freight/shipments/?mode=air")

    faults = save_view(seen) + choose_columns(seen)
    seen.press("Compact", inside="//*[@class='list-buttons']")
    seen.wait_for(lambda: seen.find("[data-density=compact]"), "never compact")
    seen.press("All shipments")
    seen.wait_for(lambda: len(seen.find("tbody tr")) == 2, "not all shipments")
    seen.press("Shipments", inside="//*[@id='menu']")
    seen.wait_for(lambda: seen.driver.current_url.endswith("?mode=air"), "the list does not open with the view")
    seen.look_as(theme="dark", width=390)
    seen.press("Send", inside="//tbody")
    seen.wait_for(lambda: "1 shipment will be sent" in seen.text("#send-dialog"), "no dialog")

    assert faults + seen.faults() == []
    assert seen.text(".view-chip[aria-current]") == "By air"
    cells = [" ".join(cell.text.split()) for cell in seen.find("#list tbody td") if cell.is_displayed()]
    assert [text for text in cells if text] == ["SHP-AIR", "Coastal", "AUD 1,250.00", "Ready", "Send SHP-AIR"]
    for close in ("invoices", "logs", "mappings/charges", "mappings/customers", "settings/people"):
        seen.open(f"/o/acme-freight/{close}/")
        assert seen.faults() == [], close


def save_view(seen: Window) -> list[str]:
    """A refused name first: the dialog stays, with the sentence. The answer: what is wrong with the open dialog."""
    seen.press("Save view")
    seen.one("#view-name").send_keys("  ")
    seen.press("Save the view")
    seen.wait_for(lambda: "A view needs a name." in seen.text("#save-view"), "no complaint")
    faults = seen.faults()
    seen.one("#view-name").send_keys("By air")
    seen.one("#save-view [name=opens]").click()
    seen.press("Save the view")
    seen.wait_for(lambda: seen.text(".view-chip[aria-current]") == "By air", "the view is not shown")
    return faults


def choose_columns(seen: Window) -> list[str]:
    seen.press("Columns")
    for name in ("customer", "branch"):
        seen.one(f"#choose-columns [value={name}]").click()
    faults = seen.faults()
    seen.press("Show these")
    seen.wait_for(lambda: "BRANCH" in seen.text("thead").upper(), "no such column")
    assert "CUSTOMER" not in seen.text("thead").upper()
    return faults

"""What the status does on the pages: the tick-box that comes and goes, and the dialog of the mass change."""

from collections.abc import Callable

import pytest
from selenium.webdriver.support.select import Select

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Shipment
from tests.conftest import make_member
from tests.journeys.chromium_window import Window
from tests.web.page_company import assessed, company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PAGES = "/o/acme-freight/"


@pytest.fixture
def seen(served: str, tenant: Tenant, window: Callable[[], Window]) -> Window:
    company(tenant)
    make_member(tenant, "admin")
    found = window()
    found.sign_in("admin@acme-freight.example")
    return found


def test_tick_box_comes_with_the_status_and_goes_with_it(tenant: Tenant, seen: Window) -> None:
    (shipment,) = assessed(tenant)
    seen.open(f"{PAGES}shipments/{shipment.public_id}/edit/")
    before = seen.find("#id_send_when_saved")

    Select(seen.one("#id_status")).select_by_value("invoice ready")
    seen.scroll_to(seen.one("#id_send_when_saved")).click()
    faults = seen.faults()
    Select(seen.one("#id_status")).select_by_value("closed")
    seen.wait_for(lambda: not seen.find("#id_send_when_saved"), "the box stays")

    assert (before, faults) == ([], [])


def test_many_get_another_status_after_a_look_at_what_changes(tenant: Tenant, seen: Window) -> None:
    assessed(tenant, 2)
    assessed(tenant, status="closed")
    seen.open(f"{PAGES}shipments/")

    seen.one("#pick-page").click()
    seen.press("Change status")
    Select(seen.one("#status-choice")).select_by_value("closed")
    seen.wait_for(lambda: "It is Closed already." in seen.text("#status-dialog"), "no preview")
    faults = seen.faults()
    seen.press("Change 2")
    seen.wait_for(lambda: "/status-changes/1/" in seen.driver.current_url, "nothing was changed")
    faults += seen.faults()

    with tenant_scope(tenant):
        assert Shipment.objects.filter(status="closed").count() == 3
    seen.open(f"{PAGES}settings/when-sent/")
    assert faults + seen.faults() == []

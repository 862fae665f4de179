"""Lists and pages without a mouse, and where keys do nothing."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.keys import Keys

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroConnection
from invoices.models import Shipment
from tests.conftest import make_member
from tests.journeys.chromium_window import Window
from tests.journeys.press_counter import PressCounter
from tests.web.page_company import assessed, company, sent

SHIPMENTS = "/o/acme-freight/shipments/"
HELD_ENTER = {
    "type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r", "autoRepeat": True,
}  # fmt: skip
SWITCH_OFF = "document.documentElement.dataset.shortcuts = 'off'"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def seen(served: str, tenant: Tenant, window: Callable[[], Window]) -> Window:
    """From the top of the list: four that are ready, one that lacks its Incoterm, one in Xero, one that is moving."""
    company(tenant)
    with tenant_scope(tenant):
        XeroConnection.objects.update(short_code="!short")
    for day, fields in ((7, {}), (6, {}), (5, {}), (4, {}), (3, {"incoterm": ""})):
        assessed(tenant, number=f"SHP-{day}", list_date=f"2026-02-0{day}", **fields)
    sent(tenant, assessed(tenant, number="SHP-2", list_date="2026-02-02"))
    sent(tenant, assessed(tenant, number="SHP-1", list_date="2026-02-01"), state="sending")
    make_member(tenant, "operator")
    found = window()
    found.sign_in("operator@acme-freight.example")
    found.open(SHIPMENTS)
    return found


def address(seen: Window) -> str:
    return seen.driver.current_url.partition("/o/acme-freight/")[2]


def lead_to(seen: Window, *keys: str, to: str) -> None:
    seen.keys(*keys)
    seen.wait_for(lambda: address(seen).endswith(to) and seen.find("h1"), f"{keys} do not lead to {to}")


def public_id(tenant: Tenant, number: str) -> str:
    with tenant_scope(tenant):
        return str(Shipment.objects.get(number=number).public_id)


def test_list_is_worked_by_keys_alone(tenant: Tenant, seen: Window) -> None:
    presses = PressCounter(seen.driver)
    seen.open(f"{SHIPMENTS}?mode=sea")
    # Rows, one by one; the arrows go on where j and k left off.
    seen.keys("j", "j", Keys.ARROW_DOWN, "k")
    assert seen.focused() == "SHP-6"
    # One, all up to another, none.
    seen.keys("x", "j", "j")
    seen.chord(Keys.SHIFT, "x")
    assert seen.text("#bulk-summary") == "3 selected · AUD 3,750.00"
    seen.keys(Keys.ESCAPE)
    assert (seen.text("#bulk-summary"), seen.focused()) == ("", "SHP-4")

    # Send asks, with the focus on Send, and gives the focus back; keys do nothing in a dialog.
    seen.keys("s")
    seen.wait_for(lambda: seen.focused() == "Send 1", "the focus is not on Send")
    seen.driver.execute_cdp_cmd("Input.dispatchKeyEvent", HELD_ENTER)
    seen.keys("j", "x", "?", "g", "a", Keys.ESCAPE)
    seen.wait_for(lambda: seen.focused() == "SHP-4", "the focus is not given back")
    assert seen.text("#bulk-summary").startswith("1 selected")
    seen.keys("a", "a")
    seen.wait_for(lambda: "7 selected, all that match" in seen.text("#bulk-summary"), "not all are selected")
    seen.keys(Keys.ESCAPE)

    # The list refreshes itself, and the focus stays; where its row has gone it is on the one that moved up.
    before = seen.one("#list").id
    seen.wait_for(lambda: seen.one("#list").id != before, "the list did not refresh itself")
    assert seen.focused() == "SHP-4"
    with tenant_scope(tenant):
        Shipment.objects.filter(number="SHP-4").update(mode="air")
    seen.wait_for(lambda: seen.focused() == "SHP-3", "the focus is lost with its row")

    # What each key opens.
    seen.keys("j", "o")
    seen.wait_for(lambda: len(seen.driver.window_handles) == 2, "not opened in Xero")
    lead_to(seen, "k", "f", to=f"{public_id(tenant, 'SHP-3')}/edit/#div_id_incoterm")
    lead_to(seen, "g", "s", to="shipments/")
    lead_to(seen, "g", "l", to="logs/")
    lead_to(seen, "g", "m", to="mappings/charges/")
    lead_to(seen, "g", "a", to="attention/")
    lead_to(seen, "j", Keys.ENTER, to="")
    assert seen.text("h1") == "No Incoterm: a booking needs one."
    assert [press for press in presses.presses() if press.startswith("pointer")] == []
    # What was opened in Xero is not there: whether the other window says so before this is asked is chance.
    assert [said for said in seen.complaints() if "/app/!short/" not in said] == []


def test_one_shipment_is_previewed_beside_the_list_and_several_on_a_page(seen: Window) -> None:
    """By key and by mouse, wide and narrow."""
    seen.open(SHIPMENTS)
    seen.keys("j")
    row = seen.focused()
    seen.keys("p")
    seen.wait_for(lambda: seen.focused() == f"Preview of {row}", "not previewed beside the list")
    assert seen.faults() == []
    seen.look_as(theme="dark", width=390)
    seen.wait_for(lambda: seen.theme() == "dark", "never dark")
    assert seen.faults() == []
    # Though the list has drawn itself anew meanwhile.
    before = seen.one("#list").id
    seen.wait_for(lambda: seen.one("#list").id != before, "the list did not refresh itself")
    seen.keys(Keys.ESCAPE)
    seen.wait_for(lambda: seen.focused() == row, "the focus did not return to the row")
    seen.look_as(theme="light", width=1440)

    seen.keys("x")
    seen.press("Preview", inside="//*[@id='bulk-bar']")
    seen.wait_for(lambda: seen.focused() == f"Preview of {row}", "what is picked alone is not previewed beside")
    assert seen.driver.current_url.endswith("/shipments/")
    seen.press("Close", inside="//*[@id='preview-drawer']")
    seen.keys("j", "j", "x", "p")
    seen.wait_for(lambda: seen.text("h1") == "Preview of 2 shipments", "no page of the two")


def test_keys_do_nothing_in_fields_with_modifiers_or_once_switched_off(seen: Window) -> None:
    seen.keys("/")
    assert seen.driver.switch_to.active_element.get_attribute("id") == "id_q"
    seen.keys("jxs?ga/")
    assert seen.one("#id_q").get_attribute("value") == "jxs?ga/"
    seen.wait_for(lambda: "Nothing matches" in seen.text("#list"), "not searched")
    # Pasted from a column of a sheet.
    seen.driver.execute_script("document.activeElement.select()")
    seen.driver.execute_cdp_cmd("Input.insertText", {"text": "SHP-7\nSHP-5\nSHP-99\n"})
    seen.wait_for(lambda: len(seen.find("[data-rows] > tr")) == 2, "not the two that were pasted")
    assert "1 of the pasted numbers is not here: SHP-99" in seen.text("#list")
    seen.keys(Keys.ARROW_DOWN)
    assert seen.focused() == "SHP-7"
    for modifier in (Keys.ALT, Keys.META):
        seen.chord(modifier, "j")
        seen.chord(modifier, "x")
    assert (seen.focused(), seen.text("#bulk-summary")) == ("SHP-7", "")

    # The sheet, from the menu too, which has the focus again afterwards.
    seen.keys("?")
    seen.wait_for(lambda: seen.focused() == "Keyboard shortcuts", "no sheet")
    faults = seen.faults()
    seen.look_as(theme="dark", width=390)
    seen.wait_for(lambda: seen.theme() == "dark", "never dark")
    faults += seen.faults()
    seen.look_as(theme="light", width=1440)
    seen.wait_for(lambda: seen.theme() == "light", "never light")
    seen.keys(Keys.ESCAPE)
    seen.one("#user-menu").click()
    seen.press("Keyboard shortcuts")
    seen.keys(Keys.ESCAPE)
    assert seen.driver.switch_to.active_element.get_attribute("id") == "user-menu"
    seen.open("/o/acme-freight/")
    seen.keys("/")
    seen.wait_for(lambda: seen.find("#find[open]"), "no search")
    assert faults + seen.faults() == []

    # Switched off: characters do nothing, arrows and Enter go on.
    seen.open(SHIPMENTS)
    seen.driver.execute_script(SWITCH_OFF)
    seen.keys("j", "x", "a", "?", "/", "s", "g", "a")
    assert seen.driver.switch_to.active_element.tag_name == "body"
    seen.keys(Keys.ARROW_DOWN, "x")
    assert (seen.focused(), seen.text("#bulk-summary"), address(seen)) == ("SHP-7", "", "shipments/")
    lead_to(seen, Keys.ENTER, to="/")
    assert seen.text("h1") == "SHP-7"

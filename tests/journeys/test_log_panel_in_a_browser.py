"""An entry of the accounting log beside its list: opened and closed by hand, by key, by address and by Back."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.keys import Keys

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry
from tests.conftest import make_member
from tests.journeys.chromium_window import Window
from tests.web.page_company import assessed, company, sent

LOG = "/o/acme-freight/logs/"
OPEN, CALLED = "dialog.side-panel:modal", "PUT /Invoices · 200 · 1.00 s"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def seen(served: str, tenant: Tenant, window: Callable[[], Window]) -> Window:
    company(tenant)
    sent(tenant, assessed(tenant, 3))
    make_member(tenant, "operator")
    opened = window()
    opened.sign_in("operator@acme-freight.example")
    return opened


def called(tenant: Tenant) -> str:
    """The newest entry behind which there is a call: by the id of its row."""
    with tenant_scope(tenant):
        return str(AccountingLogEntry.objects.filter(attempt__isnull=False).latest("at", "id").public_id)


def wait_until_open(seen: Window, text: str) -> None:
    seen.wait_for(lambda: text in seen.text(OPEN), f"the panel never shows {text!r}")


def wait_until_closed(seen: Window) -> None:
    seen.wait_for(lambda: not seen.find("dialog[open]") and "entry=" not in seen.driver.current_url, "never closed")


def has_focus(seen: Window, entry: str) -> bool:
    return bool(seen.driver.execute_script("return document.activeElement.id") == f"open-{entry}")


def is_the_same_list(seen: Window) -> bool:
    return bool(seen.driver.execute_script("return window.isTheSame === true"))


def test_entry_opens_and_closes_while_its_list_stays(seen: Window, tenant: Tenant) -> None:
    entry = called(tenant)
    seen.open(f"{LOG}?direction=out")
    seen.driver.execute_script("window.isTheSame = true")

    ways: dict[str, Callable[[], None]] = {
        "escape": lambda: seen.keys(Keys.ESCAPE),
        "button": lambda: seen.one("dialog [data-close-panel]").click(),
        "back": seen.driver.back,
    }
    for close in ways.values():
        seen.one(f"#open-{entry}").click()
        wait_until_open(seen, CALLED)
        assert seen.driver.current_url.endswith(f"{LOG}?direction=out&entry={entry}")
        close()
        wait_until_closed(seen)
        seen.wait_for(lambda: has_focus(seen, entry), "the focus is not at the row")

    seen.driver.forward()
    wait_until_open(seen, CALLED)
    seen.driver.back()
    wait_until_closed(seen)
    assert seen.driver.current_url.endswith(f"{LOG}?direction=out")
    assert is_the_same_list(seen)
    assert seen.complaints() == []


def test_open_entry_is_shared_and_loaded_anew(seen: Window, tenant: Tenant) -> None:
    entry = called(tenant)
    seen.open(f"{LOG}?entry={entry}")
    wait_until_open(seen, CALLED)

    seen.driver.refresh()
    wait_until_open(seen, CALLED)
    seen.keys(Keys.ESCAPE)
    wait_until_closed(seen)

    assert seen.driver.current_url.endswith(LOG)
    seen.wait_for(lambda: has_focus(seen, entry), "the focus is not at the row")


def test_row_opens_by_key_and_by_a_press_beside_its_link(seen: Window, tenant: Tenant) -> None:
    entry = called(tenant)
    seen.open(LOG)

    seen.keys("j", Keys.ENTER)
    wait_until_open(seen, "INV-")
    seen.keys(Keys.ESCAPE)
    wait_until_closed(seen)
    row = seen.one(f"#open-{entry}").find_element("xpath", "ancestor::tr")
    row.find_element("css selector", ".wide-cell").click()
    wait_until_open(seen, CALLED)

    seen.one("dialog section [data-copy]").click()
    seen.wait_for(lambda: "Copied" in seen.text("dialog .toast"), "nothing is said of the copy")


def test_entry_opens_after_the_filters_changed_the_list(seen: Window, tenant: Tenant) -> None:
    entry = called(tenant)
    seen.open(LOG)
    seen.one("#id_q").send_keys("Xero has")
    seen.wait_for(lambda: len(seen.find("#list tbody tr")) == 3, "the filter leaves all")

    seen.driver.execute_script("document.getElementById('list').isTheSame = true")
    seen.one(f"#open-{entry}").click()
    wait_until_open(seen, CALLED)
    seen.driver.back()
    wait_until_closed(seen)
    assert seen.driver.execute_script("return document.getElementById('list').isTheSame === true")

    assert "q=Xero%20has" in seen.driver.current_url
    assert len(seen.find("#list tbody tr")) == 3


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)])
def test_open_entry_is_without_fault_in_every_look(seen: Window, tenant: Tenant, theme: str, width: int) -> None:
    seen.look_as(theme=theme, width=width)
    seen.open(f"{LOG}?entry={called(tenant)}")
    wait_until_open(seen, CALLED)

    assert seen.faults() == []
    assert seen.layout_faults() == []
    covered = seen.driver.execute_script("return document.querySelector('dialog').getBoundingClientRect().width")
    assert covered == min(width, 736)


def test_entry_opens_and_closes_without_a_script(seen: Window, tenant: Tenant) -> None:
    entry = called(tenant)
    seen.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    seen.open(f"{LOG}?direction=out")

    seen.one(f"#open-{entry}").click()
    seen.wait_for(lambda: CALLED in seen.text("dialog.side-panel[open]"), "the link opens nothing")
    assert seen.driver.current_url.endswith(f"{LOG}?direction=out&entry={entry}")
    seen.one("dialog [data-close-panel]").click()
    wait_until_closed(seen)

    assert seen.driver.current_url.endswith(f"{LOG}?direction=out&")
    assert len(seen.find("#list tbody tr")) == 6

"""A list that is long is chosen from by typing, with the keyboard alone, and says what it does not take."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.keys import Keys

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, ReferenceRecord, XeroConnection
from tests.conftest import make_member
from tests.freight_factories import ChargeCodeFactory
from tests.journeys.chromium_window import Window
from tests.web.page_company import company
from tests.web.test_mapping_pages import ACCOUNTS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
CHARGES = "/o/acme-freight/mappings/charges/"
FIELD = "[role=combobox][aria-label='Account of FRT for sales']"
LIST = ".type-ahead-list:popover-open"
NARROW_AND_DARK, WIDE_AND_LIGHT = ("dark", 390), ("light", 1440)


@pytest.fixture
def connected(served: str, tenant: Tenant) -> XeroConnection:
    found = company(tenant)
    with tenant_scope(tenant):
        ReferenceRecord.objects.bulk_create(
            ReferenceRecord(
                connection=found, kind="account", key=code, code=code, name=f"account {code}", data=data,
                is_active=active,
            )
            for code, data, active in ACCOUNTS
        )  # fmt: skip
        ChargeCodeFactory()
    make_member(tenant, "admin")
    return found


def account_of_freight(tenant: Tenant) -> str:
    with tenant_scope(tenant):
        return ChargeRule.objects.get(side="sales", charge_code="FRT").account_code


def replace(seen: Window, text: str) -> None:
    """What stands in the field that has the focus."""
    seen.chord(Keys.CONTROL, "a")
    seen.keys(text)


def test_account_is_found_by_its_name_chosen_with_the_keyboard_and_a_refused_one_explained(
    connected: XeroConnection, tenant: Tenant, window: Callable[[], Window]
) -> None:
    seen, faults = window(), {}
    seen.sign_in("admin@acme-freight.example")
    for theme, width in (NARROW_AND_DARK, WIDE_AND_LIGHT):
        seen.look_as(theme=theme, width=width)
        seen.open(CHARGES)
        field = seen.scroll_to(seen.one(FIELD))
        faults["closed", width] = seen.faults()
        field.click()
        assert len(seen.find(f"{LIST} li")) == 7
        faults["open", width] = seen.faults()
        replace(seen, "archived")
        assert seen.text(LIST) == "203 account 203 (archived in Xero)"
        seen.keys(Keys.ARROW_DOWN, Keys.ENTER)
        assert "Cannot be chosen: 203" in seen.text(".type-ahead .cell-note:not(:empty)")
        faults["refused", width] = seen.faults()

    seen.keys(Keys.ESCAPE)
    assert seen.one(FIELD).get_property("value").startswith("200 ")
    assert not seen.find(LIST)
    replace(seen, "COUNT 201")
    seen.keys(Keys.ENTER)
    assert seen.one(FIELD).get_property("value") == "201 account 201"
    assert account_of_freight(tenant) == "200"
    seen.keys(Keys.TAB, Keys.ENTER)

    seen.wait_for(lambda: "FRT goes to 201 for sales" in seen.text("#toasts"), "not saved")
    assert account_of_freight(tenant) == "201"
    assert {place: found for place, found in faults.items() if found} == {}


def test_what_fits_nothing_or_is_refused_is_not_sent(
    connected: XeroConnection, tenant: Tenant, window: Callable[[], Window]
) -> None:
    seen = window()
    seen.sign_in("admin@acme-freight.example")
    seen.open(CHARGES)
    for typed, told in (("nonsense", "Nothing of the list is called so."), ("900", "Cannot be chosen: 900")):
        seen.one(FIELD).click()
        replace(seen, typed)
        seen.keys(Keys.TAB)
        seen.press("Save the account of FRT for sales")
        seen.wait_for(lambda words=told: words in seen.text(".type-ahead .cell-note:not(:empty)"), f"not told: {told}")
    seen.one(FIELD).click()
    replace(seen, "201")
    seen.press("Save the account of FRT for sales")

    seen.wait_for(lambda: "FRT goes to 201 for sales" in seen.text("#toasts"), "not saved")
    assert seen.complaints() == []

"""
How many clicks the common tasks take, counted by the documents themselves. A click is one press of the pointer or one
key chord.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from selenium.webdriver.common.keys import Keys

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, ReferenceRecord, SendBatch, SyncJob
from invoices.workflows.prepare_batch import prepare_chunk
from tests.conftest import NOW, PASSWORD, make_member
from tests.freight_factories import ChargeCodeFactory
from tests.journeys.chromium_window import Window
from tests.journeys.month_of_freight import SHIPMENTS, month_of_freight
from tests.journeys.press_counter import PressCounter
from tests.web.page_company import assessed, company, sent

OVERVIEW = "/o/acme-freight/"
BLOCKED = 14
REFUSED = {"code": "FB-201", "subject": "C-9", "words": {"customer": "C-9", "xero": "Contact not found"}}

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@dataclass(frozen=True, slots=True)
class Freight:
    tenant: Tenant
    failed: str


@pytest.fixture
def freight(served: str, tenant: Tenant) -> Freight:
    """Sixty that are ready, fourteen whose charge has no account, one that Xero refused."""
    connection = company(tenant)
    (failed,) = assessed(tenant)
    sent(tenant, [failed], state="attention", problems=[REFUSED], problem_code="FB-201")
    with tenant_scope(tenant):
        ReferenceRecord.objects.create(
            connection=connection, kind="account", key="260", code="260", name="Clearance",
            data={"class": "REVENUE", "type": "REVENUE", "system": "", "tax_type": ""},
        )  # fmt: skip
        month_of_freight()
        month_of_freight(count=BLOCKED, code=ChargeCodeFactory(code="CUS", name="Customs"))
    make_member(tenant, "operator")
    make_member(tenant, "support")
    return Freight(tenant, failed.number)


def in_batch(freight: Freight) -> int:
    """Documents of the newest send, once its worker has prepared them."""
    with tenant_scope(freight.tenant):
        batch = SendBatch.objects.order_by("-number")[0]
        while prepare_chunk(batch, tenant=freight.tenant, now=NOW):
            pass
        return SyncJob.objects.filter(batch=batch, state="queued").count()


def send_the_month(seen: Window, presses: PressCounter) -> list[str]:
    """From the page to sign in on."""
    seen.open("/login/")
    presses.start()
    seen.one("[name=login]").click()
    seen.keys("operator@acme-freight.example", Keys.TAB, PASSWORD, Keys.ENTER)
    seen.press(f"Send {SHIPMENTS} ready to Accounting")
    seen.wait_for(lambda: f"{SHIPMENTS} shipments" in seen.text("#send-dialog"), "no dialog")
    seen.wait_for(lambda: seen.focused() == f"Send {SHIPMENTS}", "the focus is not on Send")
    assert "skipped" not in seen.text("#send-dialog")
    seen.keys(Keys.ENTER)
    seen.wait_for(lambda: seen.text("h1") == "Send 2", "not sent")
    return presses.presses()


def mend_the_account(seen: Window, presses: PressCounter) -> list[str]:
    """From the overview, with an account that is not the one that was guessed."""
    seen.open(OVERVIEW)
    presses.start()
    seen.press("Charge code CUS has no ledger account")
    seen.one("[role=combobox]").click()
    seen.keys("260", Keys.ENTER)
    seen.press(f"Save and send these {BLOCKED}")
    seen.wait_for(lambda: seen.text("h1") == "Send 3", "not sent")
    return presses.presses()


def find_the_cause(seen: Window, presses: PressCounter, number: str) -> list[str]:
    seen.open(OVERVIEW)
    presses.start()
    seen.press("Find a shipment")
    seen.keys(number, Keys.ENTER)
    seen.wait_for(lambda: seen.text("h1") == number, "not found")
    return presses.presses()


def test_common_tasks_take_no_more_clicks_than_promised(freight: Freight, window: Callable[[], Window]) -> None:
    seen, help_desk = window(), window()
    presses, help_presses = PressCounter(seen.driver), PressCounter(help_desk.driver)

    sending = send_the_month(seen, presses)
    assert in_batch(freight) == SHIPMENTS
    mending = mend_the_account(seen, presses)
    assert in_batch(freight) == BLOCKED
    with tenant_scope(freight.tenant):
        assert ChargeRule.objects.get(charge_code="CUS").account_code == "260"
    help_desk.sign_in("support@acme-freight.example")
    finding = find_the_cause(help_desk, help_presses, freight.failed)

    # Every one was seen, and there were no more.
    assert [len(sending), len(mending), len(finding)] == [5, 4, 2], (sending, mending, finding)
    assert sending[0].startswith("pointer on input")
    assert finding == ["pointer on svg ", "key Enter on input find-number"]
    assert help_desk.driver.current_url.endswith("/integration/")
    cause = help_desk.one(".alert-danger .alert-title")
    assert cause.text == "Customer not found in Xero"
    assert cause.rect["y"] < 400
    assert seen.complaints() + help_desk.complaints() == []

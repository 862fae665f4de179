"""A list that rests, while a colleague sends: it begins to follow by itself, and its rows stay where they are."""

from collections.abc import Callable

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import job_entry, write_entries
from integrations.job_states import LogResult
from integrations.models import AccountingLogEntry, SyncJob
from invoices.models import Shipment
from tests.conftest import make_member
from tests.journeys.chromium_window import Window
from tests.web.page_company import assessed, company, sent

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def test_open_list_follows_what_a_colleague_sends(served: str, tenant: Tenant, window: Callable[[], Window]) -> None:
    company(tenant)
    freight = assessed(tenant, 3)
    make_member(tenant, "operator")
    seen = window()
    seen.sign_in("operator@acme-freight.example")
    seen.open("/o/acme-freight/shipments/?state=ready")
    before = numbers(seen)
    seen.driver.execute_script("window.isTheSamePage = true")

    sent(tenant, freight[1:2])
    with tenant_scope(tenant):
        write_entries([at_this_moment(SyncJob.objects.get())])
    seen.wait_for(lambda: "INV-" in seen.text("tr.row-moved"), "what was sent never came into the list")

    assert numbers(seen) == before
    assert len(before) == 3
    assert [row.find_element("css selector", ".status").text for row in seen.find("tr.row-moved")] == ["In Xero"]
    assert seen.driver.execute_script("return window.isTheSamePage")
    assert seen.faults() == []


def test_open_list_is_drawn_anew_once_for_each_change(
    served: str, tenant: Tenant, window: Callable[[], Window]
) -> None:
    company(tenant)
    freight = assessed(tenant, 2)
    make_member(tenant, "operator")
    seen = window()
    seen.sign_in("operator@acme-freight.example")
    seen.open("/o/acme-freight/shipments/")
    seen.driver.execute_script(COUNT_SWAPS)

    for number, shipment in enumerate(freight, start=1):
        touched(tenant, shipment)
        seen.wait_for(lambda number=number: swaps_in(seen) >= number, "the list does not follow")
    # Longer than it looks behind its own moment.
    asked = len(seen.driver.execute_script(LOOKS))
    seen.wait_for(lambda: len(seen.driver.execute_script(LOOKS)) >= asked + 4, "it looks no more")

    assert swaps_in(seen) == len(freight)


def touched(tenant: Tenant, shipment: Shipment) -> None:
    with tenant_scope(tenant):
        Shipment.objects.filter(pk=shipment.pk).update(updated_at=read_clock())


def swaps_in(seen: Window) -> int:
    return int(seen.driver.execute_script("return window.swaps"))


def test_list_stays_as_it_is_under_a_finger(served: str, tenant: Tenant, window: Callable[[], Window]) -> None:
    """What is pressed must still be there when it is let go, or the click is lost."""
    company(tenant)
    assessed(tenant)
    make_member(tenant, "operator")
    seen = window()
    seen.sign_in("operator@acme-freight.example")
    seen.open("/o/acme-freight/shipments/")

    read_again(seen, "pointerdown")
    stays = row_is_there(seen)
    read_again(seen, "pointerup")
    seen.wait_for(lambda: not row_is_there(seen), "the list is never drawn anew")

    assert stays


def read_again(seen: Window, pointer: str) -> None:
    """The list is told that something moved, just after this, and has its answer."""
    before = seen.driver.execute_script(READS)
    seen.driver.execute_script(TELL, pointer)
    seen.wait_for(lambda: seen.driver.execute_script(READS) > before, "the list is not read again")
    seen.driver.execute_async_script("setTimeout(arguments[0], 300)")


def row_is_there(seen: Window) -> bool:
    return bool(seen.driver.execute_script("return window.row.isConnected"))


READS = "return performance.getEntriesByType('resource').filter(({name}) => name.includes('/shipments/?')).length"
LOOKS = "return performance.getEntriesByType('resource').filter(({name}) => name.includes('/news/?'))"
COUNT_SWAPS = """
window.swaps = 0;
document.addEventListener("htmx:afterSwap", ({detail}) => { if (detail.target.id === "list") window.swaps += 1; });
"""
TELL = """
window.row ??= document.querySelector("#list tbody tr");
window.row.dispatchEvent(new PointerEvent(arguments[0], {bubbles: true}));
document.body.dispatchEvent(new Event("list-moved"));
"""


def numbers(seen: Window) -> list[str]:
    return [link.text for link in seen.find("tbody td:nth-child(2) a")]


def at_this_moment(job: SyncJob) -> AccountingLogEntry:
    return job_entry(job, result=LogResult.DONE, event="approved", text="Approved in Xero.", now=read_clock())

"""A list that rests, while a colleague sends: it begins to follow by itself, and its rows stay where they are."""

from collections.abc import Callable

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import job_entry, write_entries
from integrations.job_states import LogResult
from integrations.models import AccountingLogEntry, SyncJob
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


def numbers(seen: Window) -> list[str]:
    return [link.text for link in seen.find("tbody td:nth-child(2) a")]


def at_this_moment(job: SyncJob) -> AccountingLogEntry:
    return job_entry(job, result=LogResult.DONE, event="approved", text="Approved in Xero.", now=read_clock())

"""Sync customers from Xero, by the button and by schedule: what is found, and what a click settles. Real HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ContactLink, ContactSync
from tests.freight_factories import CustomerFactory
from tests.sending import Calls, company, log_of
from tests.web.page_company import Visitor, visitor
from tests.xero_company import run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]


@pytest.fixture
def person(tenant: Tenant, xero: SandboxProcess) -> Visitor:
    company(tenant, xero)
    return visitor(tenant, "operator")


def customers(tenant: Tenant, *codes: str, **fields: Any) -> None:
    with tenant_scope(tenant):
        for code in codes:
            CustomerFactory(code=code, **fields)


def sync(person: Visitor) -> None:
    person.post("customer_sync_start")
    run_queue(Queue.POLL)


def links(tenant: Tenant) -> dict[str, str]:
    with tenant_scope(tenant):
        return dict(ContactLink.objects.values_list("customer_code", "contact_name"))


def counts(tenant: Tenant) -> dict[str, int]:
    with tenant_scope(tenant):
        return dict(ContactSync.objects.latest("id").counts)


def test_account_numbers_match_exactly_and_the_report_counts_and_lists(tenant: Tenant, person: Visitor) -> None:
    customers(tenant, "MURRAY01")
    customers(tenant, "murray01x", name="Nobody At All")

    sync(person)

    assert links(tenant) == {"MURRAY01": "Murray River Produce"}
    found = counts(tenant)
    assert (found["matched"], found["unmatched"]) == (1, 1)
    assert "Murray River Produce" in person.text("customer_sync", show="matched")
    assert "Nobody At All" in person.text("customer_sync", show="unmatched")
    assert "2 customers compared" in person.text("customer_sync")


def test_name_is_suggested_and_matched_by_a_click_alone(tenant: Tenant, person: Visitor) -> None:
    customers(tenant, "OTHER-1", name="murray river produce")

    sync(person)
    page = person.text("customer_sync")
    before = links(tenant)
    person.post("map_customer", code="OTHER-1", contact="Murray River Produce", from_report="yes")

    assert 'value="Murray River Produce"' in page
    assert before == {}
    assert links(tenant) == {"OTHER-1": "Murray River Produce"}


def test_ambiguous_customer_is_settled_with_a_click_on_one_of_his_contacts(
    tenant: Tenant, xero: SandboxProcess, person: Visitor
) -> None:
    customers(tenant, "MURRAY01")
    xero.act("rename_contact", contact="Coral Coast Imports", account_number="MURRAY01")

    sync(person)
    page = person.text("customer_sync")
    before = links(tenant)
    answer = person.post("map_customer", code="MURRAY01", contact="Coral Coast Imports", from_report="yes")

    assert before == {}
    assert page.count('name="contact" value="Coral Coast Imports"') == 1
    assert page.count('name="contact" value="Murray River Produce"') == 1
    assert answer["Location"] == "/o/acme-freight/customers/sync/"
    assert links(tenant) == {"MURRAY01": "Coral Coast Imports"}
    assert 'name="contact" value="Coral Coast Imports"' not in person.text("customer_sync")


def test_renamed_contact_keeps_its_match_under_the_new_name(
    tenant: Tenant, xero: SandboxProcess, person: Visitor
) -> None:
    customers(tenant, "MURRAY01")
    sync(person)
    xero.act("rename_contact", contact="Murray River Produce", name="Murray Renamed", account_number="ELSE")

    sync(person)

    assert links(tenant) == {"MURRAY01": "Murray Renamed"}
    page = person.text("customer_sync", show="renamed")
    assert "Murray Renamed" in page
    assert "Murray River Produce" in page


def test_merged_contact_is_followed_to_the_one_that_is_left(
    tenant: Tenant, xero: SandboxProcess, person: Visitor
) -> None:
    customers(tenant, "MURRAY01")
    sync(person)
    merged = xero.act("merge_contact", contact="Murray River Produce", into="Coral Coast Imports")

    sync(person)

    with tenant_scope(tenant):
        link = ContactLink.objects.get()
    assert (str(link.contact_id), link.contact_name) == (merged["merged_to"], "Coral Coast Imports")
    assert counts(tenant)["merged"] == 1
    assert "Coral Coast Imports" in person.text("customer_sync", show="merged")


def test_archived_contact_keeps_its_match_and_is_told_of(tenant: Tenant, xero: SandboxProcess, person: Visitor) -> None:
    customers(tenant, "MURRAY01", "KIMB06")
    sync(person)
    xero.act("archive_contact", contact="Murray River Produce")

    sync(person)

    assert counts(tenant)["archived"] == 2
    page = person.text("customer_sync", show="archived")
    assert "Archived in Xero</span>" in page
    assert "Restore it in Xero, or match another." in page


def test_contact_that_is_no_customer_here_becomes_one_with_its_words_filled_in(tenant: Tenant, person: Visitor) -> None:
    sync(person)
    page = person.text("customer_sync", show="new in xero")
    form = person.text("customer_new", code="MURRAY01", name="Murray River Produce")
    customers(tenant, "MURRAY01")
    sync(person)

    assert "code=MURRAY01&amp;name=Murray+River+Produce" in page
    assert 'value="MURRAY01"' in form
    assert "code=MURRAY01" not in person.text("customer_sync", show="new in xero")
    assert links(tenant) == {"MURRAY01": "Murray River Produce"}


def test_sync_comes_by_itself_after_connecting_and_every_day(tenant: Tenant, person: Visitor) -> None:
    with tenant_scope(tenant):
        first, next_one = ContactSync.objects.get(), WorkItem.objects.get(kind="sync customers")

    assert first.asked_by == ""
    assert timedelta(hours=23) < next_one.next_at - read_clock() <= timedelta(days=1)
    assert "by schedule" in person.text("customer_sync")
    assert "customers synced" in dict(log_of(tenant))


def test_same_contacts_again_change_nothing_and_cost_one_call(
    tenant: Tenant, xero: SandboxProcess, person: Visitor
) -> None:
    customers(tenant, "MURRAY01")
    sync(person)
    calls = Calls(xero)

    sync(person)

    assert calls.made() == ["GET Contacts"]
    assert (counts(tenant)["known"], "matched" in counts(tenant)) == (1, False)


def test_second_click_while_it_runs_begins_no_second_one(tenant: Tenant, person: Visitor) -> None:
    person.post("customer_sync_start")
    person.post("customer_sync_start")

    with tenant_scope(tenant):
        assert ContactSync.objects.filter(finished_at=None).count() == 1
    assert "Contacts are being read from Xero." in person.text("customer_sync")

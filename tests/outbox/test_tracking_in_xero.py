"""Tracking options and items reach Xero with each line. Real HTTP."""

from typing import Any

import pytest

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ReferenceRecord, TrackingRule, XeroConnection
from invoices.models import Shipment
from invoices.work_names import CREATE_ITEMS
from tests.freight_factories import ChargeCodeFactory, ChargeFactory
from tests.sending import company, jobs, log_of, ours_in_xero, send_all, shipments
from tests.xero_company import run_queue, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

CODE = "PALLET-STORE"
pytestmark = pytest.mark.django_db(transaction=True)


def option_of(tenant: Tenant) -> ReferenceRecord:
    with tenant_scope(tenant):
        return ReferenceRecord.objects.filter(kind="tracking", is_active=True).order_by("code", "name")[0]


def track(tenant: Tenant, **rule: Any) -> None:
    with tenant_scope(tenant):
        TrackingRule.objects.create(connection=XeroConnection.objects.get(), **rule)


def test_line_in_xero_has_the_option_of_its_branch(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    option = option_of(tenant)
    track(tenant, category=option.code, dimension="branch", value="SYD", option=option.name)
    shipments(tenant, "100.00", branch="SYD")

    send_all(tenant)

    ((line,),) = ours_in_xero(xero, "lines")
    assert line["tracking"] == [option.key]


def test_option_that_xero_does_not_have_keeps_the_shipment_back(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    option = option_of(tenant)
    track(tenant, category=option.code, dimension="any", option="Nobody has this")
    shipments(tenant, "100.00")

    send_all(tenant)

    with tenant_scope(tenant):
        (problem,) = Shipment.objects.get().readiness_problems
    assert (jobs(tenant, "state"), problem["code"]) == ([], "FB-310")


def test_missing_item_is_created_once_and_the_shipment_goes_then(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, items="create", default_sales_account="200")
    store(tenant)
    send_all(tenant)
    before = jobs(tenant, "state")

    create_items(tenant)
    run_workers()
    send_all(tenant)

    ((line,),) = ours_in_xero(xero, "lines")
    assert (before, line["item_code"], line["account_code"]) == ([], CODE, "200")
    assert [text for event, text in log_of(tenant) if event == "items"] == [f"Created in Xero as items: {CODE}."]
    with tenant_scope(tenant):
        assert ReferenceRecord.objects.get(kind="item", code=CODE).is_active


def test_item_that_somebody_made_in_xero_meanwhile_is_taken_as_it_is(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, items="create", default_sales_account="200")
    store(tenant)
    xero.connect().put("Items", {"Items": [{"Code": CODE, "Name": "By hand"}]})

    create_items(tenant)

    with tenant_scope(tenant):
        assert ReferenceRecord.objects.get(kind="item", code=CODE).name == "By hand"
    assert [text for event, text in log_of(tenant) if event == "items"] == []


def test_nothing_is_created_where_the_rules_do_not_say_so(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, items="match", default_sales_account="200")
    store(tenant)

    create_items(tenant)

    with tenant_scope(tenant):
        assert not ReferenceRecord.objects.filter(kind="item", code=CODE).exists()


def store(tenant: Tenant) -> None:
    """A shipment with a charge of which Xero has no item."""
    with tenant_scope(tenant):
        ChargeFactory(charge_code=ChargeCodeFactory(code=CODE, name="Pallet storage"))


def create_items(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        enqueue_work(CREATE_ITEMS, [XeroConnection.objects.get().pk], now=read_clock())
    run_queue(Queue.INTERACTIVE)

from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import BatchMember, SendBatch
from invoices.models import Shipment
from tests.freight_factories import ChargeCodeFactory, CustomerFactory
from tests.triggers.trigger_company import agree
from tests.web.page_company import Visitor, company
from tests.web.test_shipment_edit_pages import SHIPMENT, charges

TOKEN = "00000000-0000-4000-8000-000000000009"
BOX = 'name="send_when_saved"'


@pytest.fixture
def row(tenant: Tenant) -> dict[str, Any]:
    company(tenant)
    with tenant_scope(tenant):
        CustomerFactory(code="C-1", name="Coastal")
        return {"charge_code": ChargeCodeFactory().pk, "quantity": "1", "unit_price": "10"}


def save(person: Visitor, row: dict[str, Any], **fields: str) -> Any:
    return person.post("shipment_new", **{**SHIPMENT, "form_token": TOKEN, **fields}, **charges(row))


def batches(tenant: Tenant) -> list[Any]:
    with tenant_scope(tenant):
        return list(SendBatch.objects.values_list("started_by", "trigger"))


def test_box_stands_only_at_the_statuses_that_the_admin_chose(
    tenant: Tenant, operator: Visitor, row: dict[str, Any]
) -> None:
    agree(tenant, statuses=["delivered"])

    offered = {status: BOX in operator.text("send_box", status=status) for status in ("booked", "delivered", "")}
    new = operator.text("shipment_new")

    assert offered == {"booked": False, "delivered": True, "": False}
    assert (BOX in new, "It can be sent when saved at Delivered." in new) == (False, True)


def test_ticked_box_saves_and_sends_what_the_button_would(
    tenant: Tenant, operator: Visitor, row: dict[str, Any]
) -> None:
    save(operator, row, status="invoice ready", send_when_saved="on")

    assert batches(tenant) == [("operator@acme-freight.example", "person")]
    with tenant_scope(tenant):
        assert BatchMember.objects.get().shipment.number == "SHP-NEW"
    assert "It goes to accounting as send 1." in operator.text("shipments")


def test_box_that_is_not_ticked_sends_nothing(tenant: Tenant, operator: Visitor, row: dict[str, Any]) -> None:
    save(operator, row, status="invoice ready")

    assert batches(tenant) == []


def test_ticked_box_at_another_status_is_refused_and_nothing_saved(
    tenant: Tenant, operator: Visitor, row: dict[str, Any]
) -> None:
    page = save(operator, row, status="booked", send_when_saved="on").content.decode()

    assert "Nothing is saved: a shipment is sent when saved only at Accounts inv created." in page
    with tenant_scope(tenant):
        assert (Shipment.objects.count(), SendBatch.objects.count()) == (0, 0)


def test_without_a_connection_it_is_saved_and_said_that_it_was_not_sent(tenant: Tenant, operator: Visitor) -> None:
    with tenant_scope(tenant):
        CustomerFactory(code="C-1")
        code = ChargeCodeFactory()
    save(operator, {"charge_code": code.pk, "quantity": "1", "unit_price": "1"}, status="invoice ready",
         send_when_saved="on")  # fmt: skip

    assert "It is saved, but not sent. No organisation in Xero is connected yet" in operator.text("shipments")

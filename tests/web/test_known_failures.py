"""What goes wrong elsewhere: edits of two people at once, and discounts larger than what they are taken off."""

import re
from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SyncJob
from invoices.models import Invoice, Shipment, ShipmentCharge
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW
from tests.freight_factories import ChargeFactory
from tests.web.page_company import Visitor, assessed, company, sent
from tests.web.test_shipment_edit_pages import SHIPMENT, charges

pytestmark = pytest.mark.django_db


def entered(tenant: Tenant, shipment: Shipment, *, unit_price: str = "1250", **fields: str) -> dict[str, Any]:
    """What the form posts."""
    with tenant_scope(tenant):
        found = Shipment.objects.select_related("bill_to").get(pk=shipment.pk)
        rows = [
            {"id": one.pk, "charge_code": one.charge_code_id, "quantity": "1", "unit_price": unit_price}
            for one in found.charges.all()
        ]
    data = {**SHIPMENT, "number": found.number, "customer": found.bill_to.code, **fields}
    return {**data, **charges(*rows, initial=len(rows))}


def opened(person: Visitor, shipment: Shipment) -> str:
    found = re.search(r'name="opened_as" value="(\w+)"', person.text("shipment_edit", shipment.public_id))
    assert found is not None
    return found[1]


def test_second_of_two_people_who_edit_one_shipment_is_told_and_loses_nothing(
    tenant: Tenant, operator: Visitor, admin: Visitor
) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    theirs, ours = opened(admin, shipment), opened(operator, shipment)
    admin.post("shipment_edit", shipment.public_id, **entered(tenant, shipment, unit_price="900", opened_as=theirs))

    refused = operator.post(
        "shipment_edit", shipment.public_id, **entered(tenant, shipment, goods="Tiles", opened_as=ours)
    ).content.decode()

    assert "Somebody else changed this shipment while you had it open" in refused
    assert 'value="Tiles"' in refused
    with tenant_scope(tenant):
        assert [str(one.unit_price) for one in ShipmentCharge.objects.all()] == ["900.0000"]
    again = opened(operator, shipment)
    operator.post("shipment_edit", shipment.public_id, **entered(tenant, shipment, goods="Tiles", opened_as=again))
    with tenant_scope(tenant):
        assert Shipment.objects.get().goods == "Tiles"


def test_draft_whose_shipment_was_edited_meanwhile_is_not_approved(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    operator.post("shipment_draft", shipment.public_id)
    with tenant_scope(tenant):
        draft = Invoice.objects.get()
        ShipmentCharge.objects.update(unit_price="900")

    operator.post("invoice_approve", draft.public_id)

    assert "Its charges changed" in operator.text("invoice", draft.public_id)
    with tenant_scope(tenant):
        assert (Invoice.objects.get().status, SyncJob.objects.count()) == ("draft", 0)


def test_discount_of_more_than_the_price_is_refused_at_its_field(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    data = entered(tenant, shipment)
    field = next(name for name in data if name.endswith("-unit_price")).replace("unit_price", "discount_percent")

    page = operator.post("shipment_edit", shipment.public_id, **{**data, field: "120"}).content.decode()

    assert "A discount is from 0 to 100." in page


def test_discount_above_the_total_becomes_a_credit_note_since_xero_takes_no_negative_invoice(
    tenant: Tenant, operator: Visitor
) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        ChargeFactory(shipment=shipment, description="Discount", unit_price="-2000")
        assess_shipments([shipment.pk], tenant=tenant, now=NOW)

    sent(tenant, [shipment])

    with tenant_scope(tenant):
        made = Invoice.objects.get()
        assert (made.kind, SyncJob.objects.get().kind) == ("sales credit note", "sales credit note")
    assert "CN-00001" in operator.text("invoice", made.public_id)
    assert "825.00" in operator.text("invoice", made.public_id)

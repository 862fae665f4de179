import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import ChargeCode, Shipment, ShipmentCharge
from tests.freight_factories import ChargeCodeFactory, ChargeFactory, CustomerFactory
from tests.web.page_company import Visitor, assessed, company, sent

SHIPMENT = {
    "number": "SHP-NEW", "job_type": "booking", "status": "delivered", "customer": "C-1", "mode": "sea",
    "origin": "AUSYD", "destination": "NZAKL", "incoterm": "fob", "declared_value": "5000", "etd_date": "2026-02-20",
    "currency": "aud", "customer_reference": "PO-1", "po": "PO-2, PO-3",
}  # fmt: skip


def charges(*rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    """As the formset sends them; the first `initial` ones stood before."""
    data: dict[str, Any] = {"charges-TOTAL_FORMS": len(rows), "charges-INITIAL_FORMS": initial}
    for position, row in enumerate(rows):
        data |= {f"charges-{position}-{name}": value for name, value in {"side": "sell", **row}.items()}
    return data


@pytest.fixture
def freight(tenant: Tenant) -> ChargeCode:
    company(tenant)
    with tenant_scope(tenant):
        CustomerFactory(code="C-1", name="Coastal")
        code: ChargeCode = ChargeCodeFactory()
    return code


def only_shipment(tenant: Tenant) -> Shipment:
    return Shipment.objects.get()


def entered(tenant: Tenant) -> dict[str, Any]:
    """The only shipment's facts as its form would send them."""
    with tenant_scope(tenant):
        shipment = Shipment.objects.select_related("bill_to").get()
        return {**SHIPMENT, "number": shipment.number, "customer": shipment.bill_to.code, "po": "",
                "customer_reference": shipment.customer_reference}  # fmt: skip


def test_new_shipment_is_saved_with_its_charges_and_checked(
    tenant: Tenant, operator: Visitor, freight: ChargeCode
) -> None:
    row = {"charge_code": freight.pk, "quantity": "2", "unit_price": "10.50", "discount_percent": ""}

    response = operator.post("shipment_new", **SHIPMENT, **charges(row))

    with tenant_scope(tenant):
        shipment, charge = only_shipment(tenant), ShipmentCharge.objects.get()
        event = AuditEvent.objects.get(action="shipment entered")
    assert response["Location"] == f"/o/acme-freight/shipments/{shipment.public_id}/"
    assert (shipment.accounting_state, shipment.currency, shipment.incoterm) == ("ready", "AUD", "FOB")
    assert shipment.list_date == date(2026, 2, 20)
    assert shipment.references == {"po": ["PO-2", "PO-3"]}
    assert shipment.search_text == "shp-new\npo-1\npo-2\npo-3"
    assert (charge.quantity, charge.unit_price, charge.discount_percent) == (Decimal(2), Decimal("10.50"), Decimal(0))
    assert event.details["Origin"] == {"before": "", "after": "AUSYD"}


def test_new_shipment_may_miss_something_and_is_then_not_ready(
    tenant: Tenant, operator: Visitor, freight: ChargeCode
) -> None:
    row = {"charge_code": freight.pk, "quantity": "1", "unit_price": ""}

    operator.post("shipment_new", **{**SHIPMENT, "incoterm": "", "customer": ""}, **charges(row))

    with tenant_scope(tenant):
        shipment = only_shipment(tenant)
    assert shipment.accounting_state == "not ready"
    assert [problem["subject"] for problem in shipment.readiness_problems] == ["customer", "incoterm", "unit_price"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("customer", "NOBODY", "There is no customer with the code NOBODY."),
        ("currency", "dollars", "Ensure this value has at most 3 characters"),
        ("currency", "A$", "A currency has three letters, such as AUD."),
        ("number", "", "This field is required."),
        ("etd_date", "soon", "Enter a valid date."),
    ],
)
def test_shipment_form_says_what_is_wrong_and_saves_nothing(
    tenant: Tenant, operator: Visitor, freight: ChargeCode, field: str, value: str, sentence: str
) -> None:
    response = operator.post("shipment_new", **{**SHIPMENT, field: value}, **charges())

    assert response.status_code == 200
    assert sentence in response.content.decode()
    with tenant_scope(tenant):
        assert Shipment.objects.count() == 0


def test_shipment_number_is_unique(tenant: Tenant, operator: Visitor, freight: ChargeCode) -> None:
    assessed(tenant, number="SHP-NEW")

    response = operator.post("shipment_new", **SHIPMENT, **charges())

    assert "There is a shipment SHP-NEW already." in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_same_number_from_two_people_at_once_is_told_to_the_second(
    tenant: Tenant, operator: Visitor, admin: Visitor, freight: ChargeCode
) -> None:
    both = threading.Barrier(2)

    def enter(person: Visitor) -> str:
        try:
            both.wait()
            return person.post("shipment_new", **SHIPMENT, **charges()).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(enter, [operator, admin]))

    assert ["There is a shipment SHP-NEW already." in page for page in pages].count(True) == 1
    with tenant_scope(tenant):
        assert Shipment.objects.count() == 1


def test_edited_shipment_keeps_before_and_after_of_each_field(
    tenant: Tenant, operator: Visitor, freight: ChargeCode
) -> None:
    operator.post("shipment_new", **SHIPMENT, **charges())
    with tenant_scope(tenant):
        shipment = only_shipment(tenant)

    operator.post("shipment_edit", shipment.public_id, **{**SHIPMENT, "mode": "air", "po": "PO-2"}, **charges())

    with tenant_scope(tenant):
        event = AuditEvent.objects.get(action="shipment changed")
    assert event.details == {
        "Mode": {"before": "Sea", "after": "Air"},
        "Purchase orders": {"before": "PO-2, PO-3", "after": "PO-2"},
    }


def test_charge_is_changed_and_another_one_removed(tenant: Tenant, operator: Visitor, freight: ChargeCode) -> None:
    operator.post("shipment_new", **SHIPMENT, **charges())
    with tenant_scope(tenant):
        shipment = only_shipment(tenant)
        first, second = ChargeFactory(shipment=shipment), ChargeFactory(shipment=shipment)
    kept = {"id": first.pk, "charge_code": freight.pk, "quantity": "3", "unit_price": "7"}
    removed = {"id": second.pk, "charge_code": freight.pk, "quantity": "1", "unit_price": "1", "DELETE": "on"}

    operator.post("shipment_edit", shipment.public_id, **SHIPMENT, **charges(kept, removed, initial=2))

    with tenant_scope(tenant):
        assert list(ShipmentCharge.objects.values_list("id", "quantity")) == [(first.pk, Decimal(3))]


def test_invoiced_charge_says_on_which_invoice_it_is(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment])

    page = operator.text("shipment_edit", shipment.public_id)

    assert "INV-00001</a>; if you change it, send the change from there." in page
    assert 'name="charges-0-quantity"' in page


def test_charge_that_was_invoiced_while_the_form_was_open_keeps_its_invoice(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        charge = ShipmentCharge.objects.get()
    sent(tenant, [shipment])
    row = {"id": charge.pk, "charge_code": charge.charge_code_id, "quantity": "9", "unit_price": "9"}

    operator.post("shipment_edit", shipment.public_id, **entered(tenant), **charges(row, initial=1))

    with tenant_scope(tenant):
        changed = ShipmentCharge.objects.get()
        assert (changed.quantity, str(changed.invoice)) == (Decimal(9), "INV-00001")
    page = operator.text("shipment", shipment.public_id)
    assert f"{shipment.number} is saved. INV-00001 says something else now: open it to send the change." in page


def test_charge_that_was_removed_while_the_form_was_open_is_not_saved(
    tenant: Tenant, operator: Visitor, freight: ChargeCode
) -> None:
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        charge = ShipmentCharge.objects.get()
        ShipmentCharge.objects.all().delete()
    row = {"id": charge.pk, "charge_code": freight.pk, "quantity": "9", "unit_price": "9"}

    response = operator.post("shipment_edit", shipment.public_id, **SHIPMENT, **charges(row, initial=1))

    assert "A charge was removed meanwhile. Nothing is saved." in response.content.decode()


def test_problem_links_lead_to_the_field(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant, incoterm="")
    address = f"/o/acme-freight/shipments/{shipment.public_id}/edit/"

    assert f'href="{address}#div_id_incoterm"' in operator.text("shipment", shipment.public_id)
    assert 'id="div_id_incoterm"' in operator.text("shipment_edit", shipment.public_id)

"""What people do with an invoice after it was handed over, through the pages, with the sandbox behind."""

from decimal import Decimal
from typing import Any

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Invoice, Shipment, ShipmentCharge
from tests.sending import company, send_all, shipments
from tests.web.page_company import Visitor
from tests.xero_company import run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

REASON = "Billed to the wrong month"


def one_in_xero(tenant: Tenant, xero: SandboxProcess, price: str = "100.00", **settings: Any) -> Invoice:
    company(tenant, xero, **settings)
    shipments(tenant, price)
    send_all(tenant)
    return newest(tenant)


def newest(tenant: Tenant) -> Invoice:
    with tenant_scope(tenant):
        return Invoice.objects.select_related("customer").latest("id")


def statuses(tenant: Tenant) -> list[tuple[str, str]]:
    """Numbers and statuses of all invoices, oldest first."""
    with tenant_scope(tenant):
        return list(Invoice.objects.order_by("id").values_list("number", "status"))


def shipment_state(tenant: Tenant) -> str:
    with tenant_scope(tenant):
        return Shipment.objects.get().accounting_state


def click(person: Visitor, page: str, invoice: Invoice, **data: Any) -> str:
    """A button of the invoice's page, with the page that comes of it; the workers do what it sets going."""
    answer = person.post(page, invoice.public_id, **{"reason": REASON, **data})
    assert answer.status_code == 302
    shown = person.text("invoice", invoice.public_id)
    run_workers()
    return shown


def price_charge(person: Visitor, tenant: Tenant, price: str, **more: Any) -> str:
    """The only shipment's charges are entered anew through its form; the page that comes of it."""
    with tenant_scope(tenant):
        shipment = Shipment.objects.select_related("bill_to").get()
        charges = list(ShipmentCharge.objects.order_by("id"))
    facts = {
        "number": shipment.number, "job_type": shipment.job_type, "status": shipment.status, "mode": shipment.mode,
        "customer": shipment.bill_to.code, "incoterm": shipment.incoterm, "declared_value": shipment.declared_value,
        "currency": shipment.currency, "etd_date": "2026-02-20", "customer_reference": shipment.customer_reference,
        "origin": shipment.origin, "destination": shipment.destination,
    }  # fmt: skip
    rows: dict[str, Any] = {"charges-TOTAL_FORMS": len(charges), "charges-INITIAL_FORMS": len(charges)}
    for number, charge in enumerate(charges):
        row = {"id": charge.pk, "side": "sell", "charge_code": charge.charge_code_id, "quantity": "1"}
        row |= {"description": charge.description, "unit_price": price if not number else charge.unit_price}
        rows |= {f"charges-{number}-{name}": value for name, value in row.items()}
    answer = person.post("shipment_edit", shipment.public_id, **{**facts, **rows, **more})
    assert answer.status_code == 302, answer.content.decode()
    return person.text("shipment", shipment.public_id)


def totals(found: list[Any]) -> list[Decimal]:
    return [Decimal(one) for one in found]

"""A company connected to the sandbox, and people who work on its quotes, bills and credit notes by the pages."""

import re
import uuid
from typing import Any

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, ConnectionSettings, TaxRule, XeroConnection
from invoices.models import Invoice, Shipment
from invoices.models.shipment_charge import Side
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW
from tests.freight_factories import ChargeFactory, CustomerFactory, ready_shipment
from tests.sending import company
from tests.web.page_company import Visitor, visitor
from tests.xero_company import run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

EXPENSES = "300"


def trading_company(tenant: Tenant, xero: SandboxProcess, **settings: Any) -> Visitor:
    """With costs mapped too. Its operator."""
    company(tenant, xero, **settings)
    with tenant_scope(tenant):
        connection = XeroConnection.objects.get()
        ChargeRule.objects.create(connection=connection, side="purchases", charge_code="FRT", account_code=EXPENSES)
        TaxRule.objects.create(connection=connection, side="purchases", tax_code="GST", tax_type="INPUT")
    return visitor(tenant, "operator")


def set_rules(tenant: Tenant, **settings: Any) -> None:
    with tenant_scope(tenant):
        ConnectionSettings.objects.update(**settings)


def shipment(tenant: Tenant, *costs: dict[str, Any], **fields: Any) -> Shipment:
    """Ready, with a sale of 1,250.00 and these costs; checked."""
    with tenant_scope(tenant):
        made = ready_shipment(**fields)
        for cost in costs:
            ChargeFactory(
                shipment=made, **{"side": Side.COST, "description": "Carrier", "unit_price": "800.00", **cost}
            )
        assess_shipments([made.pk], tenant=tenant, now=NOW)
        return Shipment.objects.get(pk=made.pk)


def supplier(tenant: Tenant, code: str = "CARRIER") -> Any:
    with tenant_scope(tenant):
        return CustomerFactory(code=code, name=f"{code.title()} Lines", is_supplier=True)


def send(operator: Visitor, *shipments: Shipment, **choices: Any) -> None:
    """By the dialog's button; then everything that it sets going is done."""
    ids = [str(one.public_id) for one in shipments]
    operator.post("send", shipment=ids, form_token=uuid.uuid4(), **choices)
    run_workers()


def credit(operator: Visitor, invoice: Invoice, **fields: Any) -> Any:
    """By the form, as it was opened; then everything that it sets going is done."""
    token = re.search(r'name="form_token" value="([^"]+)"', operator.text("invoice_credit", invoice.public_id))
    assert token is not None
    data = {"form_token": token[1], "whole": "all", "reason": "Wrong price", **fields}
    response = operator.post("invoice_credit", invoice.public_id, **data)
    run_workers()
    return response


def invoices(tenant: Tenant, *fields: str, **of: Any) -> list[Any]:
    with tenant_scope(tenant):
        return list(Invoice.objects.filter(**of).order_by("id").values_list(*fields, flat=len(fields) == 1))


def the_invoice(tenant: Tenant, **of: Any) -> Invoice:
    with tenant_scope(tenant):
        return Invoice.objects.get(**of)


def plain(page: str) -> str:
    """The words of a page, without tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def in_xero(xero: SandboxProcess, *fields: str) -> list[tuple[Any, ...]]:
    found = xero.admin("documents", organisation="AU")["documents"]
    ours = [one for one in found if one["created_by"] == "sandbox-client"]
    return sorted(tuple(one[name] for name in fields) for one in ours)

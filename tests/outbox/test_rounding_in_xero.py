"""What the preview adds up is what Xero holds: tax is rounded on each line, not on the total (F69). Real HTTP."""

from decimal import Decimal

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.domain.totals import Totals
from invoices.models import Shipment
from invoices.workflows.preview_charges import preview_charges
from invoices.workflows.sending_context import sending_context
from tests.freight_factories import ChargeFactory
from tests.sending import company, ours_in_xero, send_all, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("prices", "tax"),
    [
        # Of the total it would be 0.01, 0.01 and 0.10.
        (["0.05", "0.05"], "0.02"),
        (["0.04", "0.04", "0.04"], "0.00"),
        (["0.25", "0.25", "0.25", "0.25"], "0.12"),
    ],
)
def test_preview_rounds_each_line_as_xero_does(
    tenant: Tenant, xero: SandboxProcess, prices: list[str], tax: str
) -> None:
    company(tenant, xero)
    shipments(tenant, prices[0])
    with tenant_scope(tenant):
        shipment = Shipment.objects.get()
        for price in prices[1:]:
            ChargeFactory(shipment=shipment, unit_price=price)
        sales, _ = preview_charges(shipment, sending_context(tenant))

    send_all(tenant)

    ((sub_total, total_tax),) = ours_in_xero(xero, "sub_total", "tax")
    assert sales.totals == Totals(net=Decimal(sub_total), tax=Decimal(total_tax))
    assert Decimal(total_tax) == Decimal(tax)

"""What comes to less than nothing: told before it is sent, in words and amounts, and right in Xero (F84)."""

import html
import re
from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Shipment
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW
from tests.freight_factories import ChargeFactory, CustomerFactory
from tests.sending import company as connected_company
from tests.sending import send_all
from tests.web.page_company import Visitor, assessed, company
from tests.xero_sandbox.sandbox_process import SandboxProcess

NO_NEGATIVE = "Xero takes no negative invoice, so it becomes a credit note of AUD"


def discounted(tenant: Tenant, *, off: str = "-2000", **fields: Any) -> Shipment:
    """AUD 1,250 with 10 % off, and a further discount."""
    (shipment,) = assessed(tenant, **fields)
    with tenant_scope(tenant):
        shipment.charges.update(discount_percent=10)
        ChargeFactory(shipment=shipment, description="Discount", unit_price=off)
        assess_shipments([shipment.pk], tenant=tenant, now=NOW)
    return shipment


def words(content: bytes) -> str:
    return html.unescape(" ".join(re.sub("<[^>]+>", " ", content.decode()).split()))


def dialog(person: Visitor, *shipments: Shipment) -> str:
    return words(person.post("send_dialog", shipment=[str(one.public_id) for one in shipments]).content)


@pytest.mark.django_db
def test_dialog_and_preview_say_before_sending_that_it_becomes_a_credit_note(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (plain,) = assessed(tenant, number="SHP-PLAIN")
    less = discounted(tenant, number="SHP-LESS")
    told = "SHP-LESS: charges of AUD 1,125.00 less AUD 2,000.00 come to less than nothing."

    asked = dialog(operator, plain, less)
    shown = words(operator.get("shipment_preview", less.public_id).content)
    both = words(operator.post("shipments_preview", shipment=[str(plain.public_id), str(less.public_id)]).content)

    for page in (asked, shown, both):
        assert f"{told} {NO_NEGATIVE} 962.50 with tax." in page
    assert "SHP-PLAIN:" not in asked
    assert "CN-00001" in shown


@pytest.mark.django_db
def test_discount_that_another_shipment_of_the_same_invoice_bears_makes_no_credit_note(
    tenant: Tenant, operator: Visitor
) -> None:
    company(tenant)
    with tenant_scope(tenant):
        customer = CustomerFactory(grouping="daily")
    less = discounted(tenant, bill_to=customer, number="SHP-1")
    (more,) = assessed(tenant, bill_to=customer, number="SHP-2")

    together, alone = dialog(operator, less, more), dialog(operator, less)

    assert NO_NEGATIVE not in together
    assert f"{NO_NEGATIVE} 962.50" in alone


@pytest.mark.django_db
def test_discount_below_the_total_is_not_mentioned(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    assert NO_NEGATIVE not in dialog(operator, discounted(tenant, off="-100"))


@pytest.mark.django_db(transaction=True)
def test_it_arrives_in_xero_as_a_credit_note_of_the_same_amounts(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    connected_company(tenant, xero)
    less = discounted(tenant, number="SHP-1")

    asked = dialog(operator, less)
    send_all(tenant)

    found = xero.admin("documents", organisation="AU")["documents"]
    (arrived,) = [one for one in found if one["created_by"] == "sandbox-client"]
    assert f"{NO_NEGATIVE} 962.50" in asked
    assert (arrived["number"], arrived["type"], arrived["status"], arrived["total"]) == (
        "CN-00001", "ACCRECCREDIT", "AUTHORISED", "962.50",
    )  # fmt: skip

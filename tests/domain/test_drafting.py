"""Charges become invoices once: whoever bills them at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError
from invoices.domain.billable_shipments import NoBillingEntityError, load_billable
from invoices.domain.draft_input import Draft
from invoices.domain.drafting import AlreadyBilledError, draft_invoices
from invoices.domain.grouping import group_shipments
from invoices.models import Invoice, InvoiceLine, Shipment, ShipmentCharge
from tests.conftest import NOW
from tests.freight_factories import (
    BillingEntityFactory,
    ChargeFactory,
    CustomerFactory,
    ShipmentFactory,
    ready_shipment,
)

TODAY = date(2026, 3, 2)


def drafts() -> list[Draft]:
    ids = list(Shipment.objects.order_by("id").values_list("id", flat=True))
    billable = load_billable(ids, customer_key="bill to")
    return group_shipments(one.to_bill for one in billable if one.to_bill)


@pytest.mark.django_db
def test_draft_is_written_with_its_lines_and_totals(in_tenant: Tenant) -> None:
    BillingEntityFactory(payment_terms_days=14)
    customer = CustomerFactory(grouping="monthly")
    first = ready_shipment(bill_to=customer, customer_reference="PO-1")
    second = ready_shipment(bill_to=customer, customer_reference="PO-2")
    ChargeFactory(shipment=second, quantity=3, unit_price=Decimal("0.3333"), description="", discount_percent=0)

    (invoice,) = draft_invoices(drafts(), today=TODAY, now=NOW)

    stored = Invoice.objects.get()
    lines = InvoiceLine.objects.order_by("position").values_list(
        "position", "shipment", "description", "net_amount", "tax_amount"
    )
    assert stored == invoice
    assert (stored.kind, stored.status, stored.number, stored.reference) == ("sales invoice", "draft", "", "PO-1, PO-2")
    assert (stored.issue_date, stored.due_date) == (TODAY, date(2026, 3, 16))
    assert (stored.net_total, stored.tax_total, stored.total) == (
        Decimal("2501.00"),
        Decimal("250.10"),
        Decimal("2751.10"),
    )
    assert list(lines) == [
        (1, first.pk, "Ocean freight", Decimal("1250.00"), Decimal("125.00")),
        (2, second.pk, "Ocean freight", Decimal("1250.00"), Decimal("125.00")),
        (3, second.pk, "Freight", Decimal("1.00"), Decimal("0.10")),
    ]
    assert set(ShipmentCharge.objects.values_list("invoice", flat=True)) == {stored.pk}


@pytest.mark.django_db
def test_credit_note_shows_as_positive_what_was_charged_as_negative(in_tenant: Tenant) -> None:
    BillingEntityFactory()
    shipment = ShipmentFactory()
    ChargeFactory(shipment=shipment, unit_price=Decimal("-100.00"))
    ChargeFactory(shipment=shipment, unit_price=Decimal("30.00"))

    draft_invoices(drafts(), today=TODAY, now=NOW)

    stored = Invoice.objects.get()
    lines = list(InvoiceLine.objects.order_by("position").values_list("unit_price", "net_amount"))
    assert (stored.kind, stored.total) == ("sales credit note", Decimal("77.00"))
    assert lines == [(Decimal(100), Decimal(100)), (Decimal(-30), Decimal(-30))]


@pytest.mark.django_db
def test_charge_is_billed_once(in_tenant: Tenant) -> None:
    BillingEntityFactory()
    ready_shipment()
    twice = drafts()
    draft_invoices(twice, today=TODAY, now=NOW)

    with pytest.raises(AlreadyBilledError):
        draft_invoices(twice, today=TODAY, now=NOW)
    assert drafts() == []


@pytest.mark.django_db
def test_billed_charges_and_costs_are_not_billed_again(in_tenant: Tenant) -> None:
    BillingEntityFactory()
    shipment = ready_shipment()
    ChargeFactory(shipment=shipment, side="cost", unit_price=999)
    draft_invoices(drafts(), today=TODAY, now=NOW)
    ChargeFactory(shipment=shipment, unit_price=5)

    (draft,) = drafts()

    assert [charge.unit_price for charge in draft.charges] == [Decimal(5)]


@pytest.mark.django_db(transaction=True)
def test_two_who_bill_at_once_bill_once(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        BillingEntityFactory()
        for _ in range(5):
            ready_shipment()

    def bill(_number: int) -> str:
        try:
            with tenant_scope(tenant):
                draft_invoices(drafts(), today=TODAY, now=NOW)
        except AlreadyBilledError:
            return "refused"
        finally:
            connection.close()
        return "billed"

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(bill, range(4)))

    with tenant_scope(tenant):
        billed = list(ShipmentCharge.objects.values_list("invoice", flat=True))
        assert (Invoice.objects.count(), len(set(billed)), None in billed) == (5, 5, False)


@pytest.mark.django_db(transaction=True)
def test_drafting_needs_the_callers_transaction(tenant: Tenant) -> None:
    with pytest.raises(TransactionError):
        draft_invoices([], today=TODAY, now=NOW)


@pytest.mark.django_db
def test_company_without_a_billing_entity_is_told(in_tenant: Tenant) -> None:
    with pytest.raises(NoBillingEntityError, match="no billing entity yet"):
        load_billable([ShipmentFactory().pk], customer_key="bill to")

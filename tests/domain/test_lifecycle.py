from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.domain import lifecycle
from invoices.domain.lifecycle import LifecycleError
from invoices.models import BillingEntity, Invoice, ShipmentCharge
from tests.conftest import NOW
from tests.freight_factories import BillingEntityFactory, ChargeFactory, CustomerFactory


def draft(**fields: Any) -> Invoice:
    usual = {
        "kind": "sales invoice", "billing_entity": BillingEntity.objects.first() or BillingEntityFactory(),
        "customer": CustomerFactory(), "issue_date": NOW.date(), "currency": "AUD", "exchange_rate": 1, "net_total": 10,
        "tax_total": 1, "total": 11, "created_at": NOW,
    }  # fmt: skip
    return Invoice.objects.create(**(usual | fields))


@pytest.mark.django_db
def test_approval_gives_numbers_in_order(in_tenant: Tenant) -> None:
    invoices = [draft(), draft(kind="sales credit note"), draft()]

    lifecycle.approve(invoices, now=NOW)

    stored = Invoice.objects.order_by("id").values_list("number", "status", "approved_at")
    assert list(stored) == [
        ("INV-00001", "approved", NOW),
        ("CN-00001", "approved", NOW),
        ("INV-00002", "approved", NOW),
    ]


@pytest.mark.django_db
def test_bill_keeps_its_suppliers_number(in_tenant: Tenant) -> None:
    bill = draft(kind="bill", number="PCL-998")

    lifecycle.approve([bill], now=NOW)

    assert Invoice.objects.get().number == "PCL-998"


@pytest.mark.django_db
def test_approved_invoice_is_not_approved_twice(in_tenant: Tenant) -> None:
    invoice = draft()
    lifecycle.approve([invoice], now=NOW)

    with pytest.raises(LifecycleError, match="INV-00001 is approved, and cannot become approved"):
        lifecycle.approve([invoice], now=NOW)


@pytest.mark.django_db
def test_one_that_cannot_be_approved_holds_all_back(in_tenant: Tenant) -> None:
    good, voided = draft(), draft()
    lifecycle.void(voided, now=NOW)

    with pytest.raises(LifecycleError), transaction.atomic():
        lifecycle.approve([good, voided], now=NOW)

    assert list(Invoice.objects.order_by("id").values_list("status", flat=True)) == ["draft", "voided"]


@pytest.mark.django_db
@pytest.mark.parametrize("is_approved", [True, False])
def test_voided_invoice_frees_its_charges(in_tenant: Tenant, is_approved: bool) -> None:
    invoice = draft()
    ChargeFactory(invoice=invoice)
    if is_approved:
        lifecycle.approve([invoice], now=NOW)

    lifecycle.void(invoice, now=NOW)

    stored = Invoice.objects.get()
    assert (stored.status, stored.voided_at) == ("voided", NOW)
    assert ShipmentCharge.objects.get().invoice is None


@pytest.mark.django_db
def test_voided_invoice_stays_voided(in_tenant: Tenant) -> None:
    invoice = draft()
    lifecycle.void(invoice, now=NOW)

    with pytest.raises(LifecycleError):
        lifecycle.void(invoice, now=NOW)
    with pytest.raises(LifecycleError):
        lifecycle.approve([invoice], now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_approve_at_once_approve_once(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        invoice = draft()

    def approve(_number: int) -> str:
        try:
            with tenant_scope(tenant):
                lifecycle.approve([Invoice.objects.get(pk=invoice.pk)], now=NOW)
        except LifecycleError:
            return "refused"
        finally:
            connection.close()
        return "approved"

    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(approve, range(4)))

    assert results == ["approved", "refused", "refused", "refused"]
    with tenant_scope(tenant):
        assert Invoice.objects.get().number == "INV-00001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"status": "approved", "approved_at": NOW}, "invoice_approved_has_number"),
        ({"status": "approved", "number": "X"}, "invoice_approved_has_number"),
        ({"total": 12}, "invoice_total_adds_up"),
    ],
)
def test_postgresql_refuses_an_invoice_that_cannot_be(
    in_tenant: Tenant, fields: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        draft(**fields)


@pytest.mark.django_db
def test_number_stands_once_in_an_entity_but_not_for_bills(in_tenant: Tenant) -> None:
    draft(number="INV-9")
    draft(kind="bill", number="B-1")
    draft(kind="bill", number="B-1")

    with pytest.raises(IntegrityError, match="invoice_number_once"), transaction.atomic():
        draft(number="INV-9")

"""Writes rows back like Django does, only faster: every kind of column, nulls among them."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError
from freightbridge.update_rows import update_rows
from invoices.models import Shipment
from tests.conftest import NOW
from tests.freight_factories import CustomerFactory, ShipmentFactory

FIELDS = ["goods", "references", "weight_kg", "etd_date", "exchange_rate", "updated_at", "bill_to", "incoterm"]


@pytest.mark.django_db
def test_every_kind_of_column_is_written(in_tenant: Tenant) -> None:
    customer = CustomerFactory()
    rows = [ShipmentFactory(bill_to=None) for _ in range(3)]
    for number, row in enumerate(rows):
        row.goods = f'Pumps, 50% "new" {number} – ümlaut'
        row.references = {"po": [f"PO-{number}"], "empty": []}
        row.weight_kg = Decimal("12.345") if number else None
        row.etd_date = NOW.date() if number else None
        row.exchange_rate = Decimal("0.654321")
        row.updated_at = NOW + timedelta(minutes=number)
        row.bill_to = customer if number else None

    update_rows(rows, FIELDS)

    stored = list(Shipment.objects.order_by("id"))
    assert [[getattr(one, name) for name in FIELDS] for one in stored] == [
        [getattr(one, name) for name in FIELDS] for one in rows
    ]


@pytest.mark.django_db
def test_only_the_named_fields_are_written(in_tenant: Tenant) -> None:
    row = ShipmentFactory(bill_to=None, goods="before", origin="before")
    row.goods, row.origin = "after", "after"

    update_rows([row], ["goods"])

    assert Shipment.objects.values_list("goods", "origin").get() == ("after", "before")


@pytest.mark.django_db
def test_more_rows_than_one_statement_takes_are_all_written(in_tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("freightbridge.update_rows.ROWS_IN_A_STATEMENT", 2)
    rows = [ShipmentFactory(bill_to=None) for _ in range(5)]
    for row in rows:
        row.goods = "written"

    update_rows(rows, ["goods"])

    assert set(Shipment.objects.values_list("goods", flat=True)) == {"written"}


@pytest.mark.django_db
def test_row_of_another_company_is_not_written(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        row = ShipmentFactory(bill_to=None, goods="theirs")
    row.goods = "ours"

    with tenant_scope(other_tenant):
        update_rows([row], ["goods"])

    with tenant_scope(tenant):
        assert Shipment.objects.get().goods == "theirs"


@pytest.mark.django_db
def test_nothing_to_write_is_nothing_written(in_tenant: Tenant) -> None:
    update_rows([], ["goods"])


@pytest.mark.django_db(transaction=True)
def test_writing_needs_the_callers_transaction(tenant: Tenant) -> None:
    with pytest.raises(TransactionError):
        update_rows([Shipment(tenant=tenant, public_id=UUID(int=1))], ["goods"])

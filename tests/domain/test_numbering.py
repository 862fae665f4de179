"""Numbers without gaps and without doubles, whoever asks at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError
from invoices.domain.numbering import NoNumberSeriesError, take_numbers
from invoices.models import BillingEntity, NumberSeries
from invoices.models.invoice import InvoiceKind
from tests.freight_factories import BillingEntityFactory
from tests.rolled_back import roll_back

SALES = InvoiceKind.SALES_INVOICE


def take(count: int, entity: BillingEntity, kind: InvoiceKind = SALES) -> list[str]:
    return take_numbers(count, billing_entity_id=entity.pk, kind=kind)


@pytest.mark.django_db
def test_numbers_follow_one_another(in_tenant: Tenant) -> None:
    entity = BillingEntityFactory()

    assert take(2, entity) + take(0, entity) + take(1, entity) == ["INV-00001", "INV-00002", "INV-00003"]
    assert take(1, entity, InvoiceKind.SALES_CREDIT_NOTE) == ["CN-00001"]


@pytest.mark.django_db
def test_number_grows_beyond_its_digits(in_tenant: Tenant) -> None:
    entity = BillingEntityFactory()
    NumberSeries.objects.update(next_number=99_999)

    assert take(2, entity) == ["INV-99999", "INV-100000"]


@pytest.mark.django_db
def test_kind_without_a_series_is_told(in_tenant: Tenant) -> None:
    with pytest.raises(NoNumberSeriesError, match="no number series for a bill"):
        take(1, BillingEntityFactory(), InvoiceKind.BILL)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_leave_neither_gap_nor_double(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        entity = BillingEntityFactory()

    def work(number: int) -> list[str]:
        try:
            taken: list[str] = []
            for _ in range(5):
                with tenant_scope(tenant):
                    taken += take(3, entity)
            return taken
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = [number for numbers in pool.map(work, range(8)) for number in numbers]

    assert sorted(taken) == [f"INV-{number:05}" for number in range(1, 121)]


@pytest.mark.django_db(transaction=True)
def test_numbers_of_work_that_failed_are_given_again(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        entity = BillingEntityFactory()
    roll_back(tenant, lambda: take(3, entity))

    with tenant_scope(tenant):
        assert take(1, entity) == ["INV-00001"]


@pytest.mark.django_db(transaction=True)
def test_numbers_need_the_callers_transaction(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        entity = BillingEntityFactory()

    with pytest.raises(TransactionError):
        take(1, entity)

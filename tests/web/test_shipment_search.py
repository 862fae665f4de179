import uuid
from unittest.mock import ANY

import psycopg2
import pytest
from django.db import connection
from factory import Sequence

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.tenancy.search_limits import MOST_FOUND
from integrations.models import XeroDocument
from invoices.domain.shipment_search import find_shipments
from invoices.models import Invoice, Shipment
from tests.addresses import owner_url
from tests.conftest import NOW
from tests.freight_factories import ShipmentFactory
from tests.web.page_company import assessed, company, sent


@pytest.fixture
def found(in_tenant: Tenant) -> None:
    for number, references in {"SHP-00123": "po-98765\nmaeu1234567", "SHP-00124": "po-5%_5x", "JOB-77": ""}.items():
        ShipmentFactory(number=number, search_text=f"{number.lower()}\n{references}")


def numbers(text: str) -> list[str]:
    return sorted(Shipment.objects.filter(pk__in=find_shipments(text)).values_list("number", flat=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SHP-001", ["SHP-00123", "SHP-00124"]),
        ("shp-00123", ["SHP-00123"]),
        ("JOB", ["JOB-77"]),
        ("8765", ["SHP-00123"]),
        ("MAEU123", ["SHP-00123"]),
        ("876", []),
        ("5%_5", ["SHP-00124"]),
        ("%%%%", []),
        ("SHP-00123 JOB-77", ["JOB-77", "SHP-00123"]),
        ("shp-00123,\tJOB-77;nonsense", ["JOB-77", "SHP-00123"]),
        ("nothing of this", []),
        ("\\\\\\\\", []),
    ],
)
def test_find_shipments_by_numbers_and_pieces_of_references(found: None, text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(("begin", "are_pieces_found"), [(MOST_FOUND - 1, True), (MOST_FOUND, False)])
def test_pieces_are_looked_for_unless_more_numbers_begin_so_than_anybody_reads(
    in_tenant: Tenant, begin: int, are_pieces_found: bool
) -> None:
    ShipmentFactory.create_batch(begin, number=Sequence("SHP-{}".format))
    ShipmentFactory(number="JOB-1", search_text="job-1\npart of shp-")

    found = numbers("shp-")

    assert ("JOB-1" in found) is are_pieces_found
    assert len(found) == begin + are_pieces_found


def test_find_shipments_by_invoice_support_code_and_id_in_xero(tenant: Tenant) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, number="SHP-1"))
    assessed(tenant, number="SHP-2")

    with tenant_scope(tenant):
        invoice, document = Invoice.objects.get(), XeroDocument.objects.get()
        looked_up = [
            numbers(text) for text in (invoice.number, invoice.number.lower(), "FB-0123456789AB", str(document.xero_id))
        ]

    assert looked_up == [["SHP-1"]] * 4


def test_find_shipments_finds_pasted_invoice_numbers(tenant: Tenant) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, 3))

    with tenant_scope(tenant):
        first, second, _ = Invoice.objects.order_by("id")
        ids = find_shipments(f"{first.number}\n{second.number}")

    assert len(ids) == 2


def test_find_shipments_stays_in_its_tenant(tenant: Tenant, other_tenant: Tenant, found: None) -> None:
    ids = find_shipments("SHP-00123")

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(other_tenant.pk)])
        cursor.execute("SELECT count(*) FROM search_shipments('SHP-00123')")
        elsewhere = cursor.fetchone()
        cursor.execute("SELECT set_config('app.tenant', '', true)")
        cursor.execute("SELECT count(*) FROM search_shipments('SHP-00123')")
        nowhere = cursor.fetchone()
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant.pk)])

    assert (ids, elsewhere, nowhere) == ([ANY], (0,), (0,))


@pytest.mark.django_db(transaction=True)
def test_begins_with_uses_the_index_under_row_level_security(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        Shipment.objects.bulk_create(
            Shipment(number=f"N-{number:05}", list_date=NOW.date(), created_at=NOW, updated_at=NOW)
            for number in range(3000)
        )
    with psycopg2.connect(owner_url()) as owner, owner.cursor() as cursor:
        cursor.execute("ANALYZE invoices_shipment")
    owner.close()

    with tenant_scope(tenant):
        plan = Shipment.objects.filter(number__begins_with="N-0012").explain()

    assert "(number)::text >= 'N-0012'" in plan


def test_search_function_reads_by_its_trigram_index(in_tenant: Tenant) -> None:
    """What it runs, as the role that it runs as: the policy must leave LIKE to the index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosecdef, pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'search_shipments'")
        is_definer, owner = cursor.fetchone()
        cursor.execute("SELECT roles::text[] FROM pg_policies WHERE policyname = 'search_read'")
        policy_is_for = cursor.fetchone()[0]

    assert (is_definer, policy_is_for) == (True, [owner])


def test_find_shipments_ignores_what_only_looks_like_an_id(found: None) -> None:
    assert numbers(str(uuid.UUID(int=5))) == []

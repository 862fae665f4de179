"""Rows go in by one statement, as they would one by one."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from freightbridge.insert_rows import insert_rows, insert_values
from freightbridge.new_rows import NewRows
from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError
from invoices.models import Shipment, SourceRow
from tests.freight_factories import ShipmentFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 4, 5, 6, 7, 123456, tzinfo=UTC)


def new(number: str) -> Shipment:
    """With a value of every kind; with nulls, empty texts, quotation marks and letters of other scripts."""
    return Shipment(
        number=number, goods="“Ünïcode” \\ '; DROP TABLE x; --\n", references={"po": ["a", '"b"'], "n": [1.5, None]},
        declared_value=Decimal("12345.60"), exchange_rate=None, delivery_date=NOW.date(), list_date=NOW.date(),
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def test_rows_stand_as_they_would_if_they_were_saved(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        saved = new("SAVED")
        saved.save()
        rows = [new(f"S-{number}") for number in range(3)]
        with CaptureQueriesContext(connection) as queries:
            insert_rows(rows)
        found = Shipment.objects.exclude(pk=saved.pk).order_by("id").values()
        one_by_one = Shipment.objects.values().get(pk=saved.pk)
        own = ("id", "public_id", "number")

        assert len(queries) == 1
        assert [(row.pk, row.public_id, row.number) for row in rows] == [
            tuple(one[name] for name in own) for one in found
        ]
        assert [one | {name: one_by_one[name] for name in own} for one in found] == [one_by_one] * 3
        rows[0].save()
        assert Shipment.objects.count() == 4


def test_what_rows_say_alike_is_told_apart_where_json_does(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        rows = [new("S-1"), new("S-2"), new("S-3")]
        for row, flag in zip(rows, (1, True, 1.0), strict=True):
            row.references = {"flag": flag}
        insert_rows(rows)

        kept = Shipment.objects.order_by("id").values_list("references", flat=True)
        assert [repr(one["flag"]) for one in kept] == ["1", "True", "1.0"]


def test_values_without_objects_stand_by_column_with_ids_in_their_order(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        shipment = ShipmentFactory()
        columns = {"key": ["a", '"b", {}\\'], "shipment_id": [shipment.pk] * 2, "content": [{"n": 1}, [None, "“x”"]]}
        first = insert_values(SourceRow, columns)
        again = insert_values(
            SourceRow, {"key": ["a"], "shipment_id": [shipment.pk], "content": [[2]]},
            unique=["tenant", "shipment", "key"], replaced=["content"],
        )  # fmt: skip
        nothing = insert_values(SourceRow, {"key": [], "shipment_id": [], "content": []})
        found = list(SourceRow.objects.order_by("id").values_list("id", "key", "content"))
        public_ids = set(SourceRow.objects.values_list("public_id", flat=True))

    assert (again, nothing, len(public_ids)) == ([first[0]], [], 2)
    assert found == [(first[0], "a", [2]), (first[1], '"b", {}\\', [None, "“x”"])]
    with tenant_scope(other_tenant):
        assert not SourceRow.objects.exists()


def test_bytes_stand_as_they_are(tenant: Tenant) -> None:
    content = bytes(range(256))
    with tenant_scope(tenant):
        insert_rows([StoredFile(sha256="a", size=256, content_type="application/pdf", content=content, stored_at=NOW)])

        assert bytes(StoredFile.objects.get().content) == content


def test_row_that_stands_already_takes_what_is_to_be_replaced_and_tells_its_id(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        shipment = ShipmentFactory()
        first = SourceRow(shipment=shipment, key="1", content={"fields": {}})
        insert_rows([first])
        rows = [SourceRow(shipment=shipment, key=key, content={"fields": {"po": key}}) for key in ("2", "1")]

        insert_rows(rows, unique=["tenant", "shipment", "key"], replaced=["content"])

        assert rows[1].pk == first.pk
        standing = SourceRow.objects.order_by("key").values_list("key", "content", "public_id")
        assert [one[:2] for one in standing] == [("1", {"fields": {"po": "1"}}), ("2", {"fields": {"po": "2"}})]
        assert standing[0][2] == first.public_id


def test_nothing_goes_in_for_another_tenant_nor_outside_a_transaction(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        shipment = new("S-1")
    with pytest.raises(TransactionError):
        insert_rows([shipment])
    with tenant_scope(other_tenant), pytest.raises(Exception, match="row-level security"):
        insert_rows([shipment])


def test_unique_values_stay_unique(tenant: Tenant) -> None:
    with tenant_scope(tenant), pytest.raises(IntegrityError):
        insert_rows([new("S-1"), new("S-1")])


def test_value_of_no_known_kind_is_refused_and_not_written_as_its_words(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        shipment = new("S-1")
        shipment.references = {"po": {uuid}}
        with pytest.raises(TypeError, match="not JSON serializable"):
            insert_rows([shipment])


def test_texts_that_hold_what_stands_between_texts_stand_as_they_are(tenant: Tenant) -> None:
    """The separators of the array that is sent, quotation marks, and nothing beside an empty text."""
    names = ["a\x1eb", "\x1f", 'c"\\', "", "d\x1f\x1e"]
    with tenant_scope(tenant):
        rows = [new(f"S-{number}") for number in range(len(names))]
        for row, name in zip(rows, names, strict=True):
            row.goods, row.consignee_id, row.etd_date = name, None, NOW.date() if name else None
        insert_rows(rows)

        found = Shipment.objects.order_by("id").values_list("goods", "consignee", "etd_date")
        assert [one[0] for one in found] == names
        assert [one[2] for one in found] == [NOW.date() if name else None for name in names]


def test_new_rows_are_as_the_model_makes_them_and_share_nothing(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        make = NewRows(Shipment, created_at=NOW, updated_at=NOW, list_date=NOW.date())
        first, second = make(), make()
        first.number, second.number = "S-1", "S-2"
        first.references["po"] = ["P-1"]
        insert_rows([first, second])
        saved = Shipment(number="S-3", created_at=NOW, updated_at=NOW, list_date=NOW.date())
        saved.save()

        by_number = {row.pop("number"): row for row in Shipment.objects.values()}
        public_ids = {row.pop("public_id") for row in by_number.values()}
        assert [by_number[number].pop("id") for number in ("S-1", "S-2")] == [first.pk, second.pk]
        assert len(public_ids) == len(by_number) == 3
        assert by_number["S-1"].pop("references") == {"po": ["P-1"]}
        assert {**by_number["S-2"], "id": saved.pk} == by_number["S-3"]

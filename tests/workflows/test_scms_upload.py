"""Real freight data goes in as it was published, and every row of it is accounted for."""

import csv
import io
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.demo.demo_shipments import demo_export
from invoices.models import Customer, Shipment, ShipmentCharge
from invoices.models.upload import UploadState
from tests.conftest import NOW, make_tenant
from tests.workflows.uploads import company, report, take_in

FILE = Path(__file__).parents[3] / "shared" / "data" / "scms_shipments.csv"
NUMBER = re.compile(r"\d+(\.\d+)?")
FREIGHT, INSURANCE, KEY = "Freight Cost (USD)", "Line Item Insurance (USD)", "ASN/DN #"
Rows = list[dict[str, str]]

needs_file = pytest.mark.skipif(
    not FILE.exists(), reason="The public SCMS export is not part of the project and is not beside this checkout."
)


def read(content: bytes) -> Rows:
    """By Python's csv alone, which shares no code with what is tested."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def written(rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\r")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def amounts(rows: Rows, column: str) -> list[Decimal]:
    return [Decimal(row[column]) for row in rows if NUMBER.fullmatch(row[column])]


def charged(rows: Rows, column: str) -> list[Decimal]:
    return [amount for amount in amounts(rows, column) if amount]


def totals(tenant: Tenant) -> dict[str, tuple[int, Decimal]]:
    """Charges by code: how many, and what they come to."""
    with tenant_scope(tenant):
        found = ShipmentCharge.objects.values("charge_code__code").annotate(total=Sum("unit_price"))
        count = Counter(ShipmentCharge.objects.values_list("charge_code__code", flat=True))
        return {one["charge_code__code"]: (count[one["charge_code__code"]], one["total"]) for one in found}


def everything(tenant: Tenant) -> list[tuple[object, ...]]:
    """All that a file says about shipments and charges, but for the order of the goods."""
    with tenant_scope(tenant):
        shipments = Shipment.objects.order_by("number").values_list(
            "number", "job_type", "mode", "bill_to__code", "incoterm", "weight_kg", "declared_value", "delivery_date",
            "references",
        )  # fmt: skip
        charges = ShipmentCharge.objects.order_by("shipment__number", "source_key").values_list(
            "shipment__number", "source_key", "charge_code__code", "unit_price"
        )
        return [*shipments, *charges]


@needs_file
def test_published_file_goes_in_whole(tenant: Tenant) -> None:
    content = FILE.read_bytes()
    rows = read(content)

    upload = take_in(tenant, content, by=company(tenant, currency="USD"))

    assert (upload.state, upload.row_count, upload.rows_done) == (UploadState.DONE, 3442, 3442)
    with tenant_scope(tenant):
        assert upload.rows.count() == 3442
        assert set(upload.rows.values_list("outcome", flat=True)) == {"new"}
        assert not upload.rows.filter(remarks__contains=[{"is_error": True}]).exists()
        assert Shipment.objects.count() == 2843 == len({row[KEY] for row in rows})
        assert Customer.objects.count() == len({row["Project Code"] for row in rows})
        worth = Shipment.objects.aggregate(value=Sum("declared_value"), weight=Sum("weight_kg"))
    assert totals(tenant) == {
        "FRT": (len(charged(rows, FREIGHT)), sum(charged(rows, FREIGHT))),
        "INS": (len(charged(rows, INSURANCE)), sum(charged(rows, INSURANCE))),
    }
    assert worth["value"] == sum(amounts(rows, "Line Item Value"))
    assert worth["weight"] == sum(amounts(rows, "Weight (Kilograms)"))


@needs_file
def test_every_word_in_a_column_of_money_is_explained(tenant: Tenant) -> None:
    content = FILE.read_bytes()
    rows = read(content)
    keys = {row["ID"] for row in rows}
    pointers = [found[1] for row in rows if (found := re.search(r"ID#:(\d+)", row[FREIGHT]))]

    upload = take_in(tenant, content, by=company(tenant, currency="USD"))

    with tenant_scope(tenant):
        remarks = [
            remark
            for said in upload.rows.values_list("remarks", flat=True)
            for remark in said
            if remark["column"] == FREIGHT
        ]
    kinds = Counter(re.sub(r"(row|of) [\w-]*\d[\w-]*", r"\1 N", remark["text"]) for remark in remarks)
    assert kinds == {
        "Contained in another price, says the file: no charge here.": sum("Included" in row[FREIGHT] for row in rows),
        "Stands in another document, says the file: no charge here.": sum("Separately" in row[FREIGHT] for row in rows),
        "Stands on row N of this file: no charge here.": sum(key in keys for key in pointers),
        (
            "Stands on a row of N that is neither in this file nor uploaded before. "
            "Upload that row too, or it is never charged."
        ): sum(key not in keys for key in pointers),
    }
    assert sum(remark["is_warning"] for remark in remarks) == sum(key not in keys for key in pointers)


@needs_file
def test_published_file_in_any_parts_comes_to_the_same(tenant: Tenant) -> None:
    rows = read(FILE.read_bytes())[:900]
    whole, parts = tenant, make_tenant("in-parts")
    take_in(whole, written(rows), by=company(whole, currency="USD"))
    person = company(parts, currency="USD")

    for part in (rows[::3], rows[1::3], rows[2::3]):
        take_in(parts, written(part), by=person)

    assert everything(parts) == everything(whole)


def test_generated_file_in_any_order_comes_to_the_same(tenant: Tenant) -> None:
    content = demo_export(80, seed=7, month=NOW.date().replace(day=1))
    backwards = make_tenant("backwards")
    take_in(tenant, content, by=company(tenant, currency="USD"))

    take_in(backwards, written(read(content)[::-1]), by=company(backwards, currency="USD"))

    assert everything(backwards) == everything(tenant)


def test_file_that_came_in_parts_is_the_same_as_a_whole(tenant: Tenant) -> None:
    content = demo_export(80, seed=7, month=NOW.date().replace(day=1))
    rows, person = read(content), company(tenant, currency="USD")
    for part in (rows[::2], rows[1::2]):
        take_in(tenant, written(part), by=person)
    before = everything(tenant)

    upload = take_in(tenant, content, by=person)

    assert {outcome for _, _, outcome, _ in report(tenant, upload)} == {"same"}
    assert everything(tenant) == before

"""Writes down what becomes of each row: the dry run as a forecast, the import as it happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from freightbridge.insert_rows import insert_values
from invoices.intake.plan_shipment import ShipmentPlan
from invoices.models import Upload, UploadRow

REPLACED = ["outcome", "shipment_number", "shipment", "remarks", "created"]


def write_report(
    upload: Upload,
    plans: Sequence[ShipmentPlan],
    *,
    shipment_ids: Mapping[str, int],
    created: Mapping[int, dict[str, list[int]]],
) -> int:
    """The import's report replaces the dry run's, row by row. Returns the number of rows."""
    rows = [(plan.number, row) for plan in plans for row in plan.rows]
    columns: dict[str, list[Any]] = {
        "row_number": [row.number for _, row in rows],
        "upload_id": [upload.pk] * len(rows),
        "outcome": [row.outcome.value for _, row in rows],
        "shipment_number": [number for number, _ in rows],
        "shipment_id": [shipment_ids.get(number) for number, _ in rows],
        "remarks": [[remark.as_json() for remark in row.remarks] for _, row in rows],
        "created": [created.get(row.number, {}) for _, row in rows],
    }
    insert_values(UploadRow, columns, unique=["tenant", "upload", "row_number"], replaced=REPLACED)
    return len(rows)

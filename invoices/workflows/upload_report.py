"""Writes down what becomes of each row: the dry run as a forecast, the import as it happened."""

from collections.abc import Mapping, Sequence

from freightbridge.insert_rows import insert_rows
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
    rows = [
        UploadRow(
            upload=upload,
            row_number=row.number,
            outcome=row.outcome.value,
            shipment_number=plan.number,
            shipment_id=shipment_ids.get(plan.number),
            remarks=[remark.as_json() for remark in row.remarks],
            created=created.get(row.number, {}),
        )
        for plan in plans
        for row in plan.rows
    ]
    insert_rows(rows, unique=["tenant", "upload", "row_number"], replaced=REPLACED)
    return len(rows)

"""An upload's rows in figures, for its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from invoices.models import Upload, UploadRow
from invoices.models.upload import RowOutcome

HAS_ERROR = Q(remarks__contains=[{"is_error": True}])
HAS_WARNING = Q(remarks__contains=[{"is_warning": True}])


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadSummary:
    """Rows, but `shipments`: the different numbers. `notes`: rows with remarks that are neither error nor warning."""

    rows: int
    shipments: int
    new: int
    changed: int
    same: int
    refused: int
    errors: int
    warnings: int
    remarks: int


FIGURES: dict[str, Count] = {
    "rows": Count("id"),
    "shipments": Count("shipment_number", distinct=True, filter=~Q(shipment_number="")),
    "new": Count("id", filter=Q(outcome=RowOutcome.NEW)),
    "changed": Count("id", filter=Q(outcome=RowOutcome.CHANGED)),
    "same": Count("id", filter=Q(outcome=RowOutcome.SAME)),
    "refused": Count("id", filter=Q(outcome=RowOutcome.REFUSED)),
    "errors": Count("id", filter=HAS_ERROR),
    "warnings": Count("id", filter=HAS_WARNING),
    "remarks": Count("id", filter=~Q(remarks=[])),
}


def summarise_upload(upload: Upload) -> UploadSummary:
    """In the tenant's scope, one query."""
    return UploadSummary(**upload.rows.aggregate(**FIGURES))


def summarise_uploads(uploads: Sequence[Upload]) -> dict[int, UploadSummary]:
    """By id, one query for any number."""
    rows = UploadRow.objects.filter(upload__in=uploads).order_by().values_list("upload").annotate(**FIGURES)
    found = {row[0]: UploadSummary(**dict(zip(FIGURES, row[1:], strict=True))) for row in rows}
    nothing = UploadSummary(**dict.fromkeys(FIGURES, 0))
    return {upload.pk: found.get(upload.pk, nothing) for upload in uploads}

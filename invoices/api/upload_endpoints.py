"""Files of shipments by the API: the same intake as the page's, with the same report."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404

from freightbridge.access.api_scopes import Scope
from freightbridge.rest.endpoints import Answer, Call, Endpoint
from freightbridge.rest.json_shapes import Choice, FieldError, Flag, Member
from freightbridge.rest.list_page import PAGING, list_of, list_page
from freightbridge.rest.problem_details import RefusedCallError, invalid_input
from freightbridge.ui.keyset import Order
from freightbridge.ui.page_address import page_address
from integrations.api.accounting_schemas import whole_address
from invoices.api.freight_schemas import UPLOAD, UPLOAD_ROW
from invoices.intake.source_table import LARGEST_FILE, UnreadableFileError
from invoices.models import Upload, UploadRow
from invoices.models.upload import RowOutcome, UploadState
from invoices.web.upload_words import UPLOAD_PILLS
from invoices.workflows.check_upload import UploadStateError
from invoices.workflows.import_upload import start_import
from invoices.workflows.receive_upload import receive_upload
from invoices.workflows.summarise_upload import HAS_ERROR, UploadSummary, summarise_upload, summarise_uploads

NEWEST, IN_ORDER = Order(("number",)), Order(("row_number",), falls=False)
TOO_LARGE = f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB. Cut it into several."


def create_upload(call: Call) -> Answer:
    file = call.file
    if file is None or (file.size or 0) > LARGEST_FILE:
        raise RefusedCallError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
    try:
        upload = receive_upload(file.read(), file_name=file.name or "file", by=call.person, actor=call.by, now=call.now)
    except UnreadableFileError as error:
        raise invalid_input([FieldError("/file", str(error))]) from error
    return _told(call, upload)


def read_upload(call: Call, number: int) -> Answer:
    return _told(call, get_object_or_404(Upload, number=number))


def list_uploads(call: Call) -> Answer:
    def shown(uploads: Sequence[Upload]) -> list[dict[str, Any]]:
        summaries = summarise_uploads(uploads)
        return [_upload(call, upload, summaries[upload.pk]) for upload in uploads]

    return list_page(call, Upload.objects.all(), order=NEWEST, path="/api/v1/uploads", shown=shown)


def import_upload(call: Call, number: int) -> Answer:
    upload = get_object_or_404(Upload, number=number)
    try:
        start_import(upload, by=call.person, actor=call.by, now=call.now)
    except UploadStateError as error:
        raise RefusedCallError(HTTPStatus.CONFLICT, str(error)) from error
    return _told(call, upload)


def list_upload_rows(call: Call, number: int) -> Answer:
    rows = get_object_or_404(Upload, number=number).rows.select_related("shipment")
    if call.query["outcome"] is not None:
        rows = rows.filter(outcome=call.query["outcome"])
    if call.query["errors"]:
        rows = rows.filter(HAS_ERROR)
    return list_page(call, rows, order=IN_ORDER, path=f"/api/v1/uploads/{number}/rows", shown=_rows)


def _told(call: Call, upload: Upload) -> Answer:
    return Answer(body=_upload(call, upload, summarise_upload(upload)), location=f"uploads/{upload.number}")


def _upload(call: Call, upload: Upload, summary: UploadSummary) -> dict[str, Any]:
    return {
        "number": upload.number,
        "file_name": upload.file_name,
        "state": str(upload.state),
        "state_text": UPLOAD_PILLS[UploadState(upload.state)].label,
        "failure": upload.failure,
        "notes": list(upload.notes),
        "rows": upload.row_count,
        **{name: getattr(summary, name) for name in ("new", "changed", "same", "refused", "errors")},
        "uploaded_at": upload.uploaded_at.isoformat(),
        "finished_at": upload.finished_at.isoformat() if upload.finished_at else None,
        "page": whole_address(page_address(call.tenant, "upload", upload.number)),
    }


def _rows(rows: Sequence[UploadRow]) -> list[dict[str, Any]]:
    return [
        {
            "row": row.row_number,
            "outcome": str(row.outcome),
            "shipment_number": row.shipment_number,
            "shipment_id": str(row.shipment.public_id) if row.shipment else None,
            "remarks": list(row.remarks),
        }
        for row in rows
    ]


ROW_FILTERS = {
    "outcome": Member(shape=Choice(RowOutcome.values)),
    "errors": Member(shape=Flag(), about="true: only rows with a value that was refused.", default=False),
}
UPLOAD_ENDPOINTS = (
    Endpoint(
        method="GET", path="uploads", name="list_uploads", summary="List uploads, newest first",
        scope=Scope.READ_FREIGHT, do=list_uploads, query=PAGING, answers=list_of(UPLOAD), is_list=True,
    ),
    Endpoint(
        method="POST", path="uploads", name="create_upload", summary="Upload a file of shipments, CSV or XLSX",
        about="It is checked at once where its columns are known; in the state “matching” a person matches them on "
        "its page, once for all files with the same header. Nothing is imported yet.",
        scope=Scope.UPLOAD, do=create_upload, takes_file=True, answers=UPLOAD, status=HTTPStatus.ACCEPTED,
    ),
    Endpoint(
        method="GET", path="uploads/<int:number>", name="read_upload", summary="How far an upload is",
        scope=Scope.READ_FREIGHT, do=read_upload, answers=UPLOAD,
    ),
    Endpoint(
        method="POST", path="uploads/<int:number>/import", name="import_upload",
        summary="Import an upload that was checked", scope=Scope.UPLOAD, do=import_upload, answers=UPLOAD,
        status=HTTPStatus.ACCEPTED,
    ),
    Endpoint(
        method="GET", path="uploads/<int:number>/rows", name="list_upload_rows", summary="The report, row by row",
        scope=Scope.READ_FREIGHT, do=list_upload_rows, query={**ROW_FILTERS, **PAGING}, answers=list_of(UPLOAD_ROW),
        is_list=True,
    ),
)  # fmt: skip

"""Tells other systems, and the person whose it is, that an upload has come to its end; the dry run is not one."""

from datetime import datetime

from django.db.models import Count

from freightbridge.access.models import Membership
from freightbridge.notices.leave_notice import leave_notice
from freightbridge.notices.models import Tone
from freightbridge.outbound_events.announce import Happening, announce, listening
from freightbridge.outbound_events.event_kinds import EventKind
from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from invoices.models import Upload
from invoices.models.upload import RowOutcome, UploadState

ENDS = {UploadState.DONE, UploadState.STOPPED, UploadState.FAILED}


def announce_upload(upload: Upload, *, now: datetime) -> None:
    """In the transaction in which it ends."""
    endpoints = listening([EventKind.UPLOAD_FINISHED] if upload.state in ENDS else [])
    told = {
        "number": upload.number,
        "file_name": upload.file_name,
        "state": str(upload.state),
        "failure": upload.failure,
        "rows": upload.row_count,
    }
    announce([Happening(kind=EventKind.UPLOAD_FINISHED, told={"upload": told})], endpoints=endpoints, now=now)
    if upload.state in ENDS:
        _tell_person(upload, now=now)


def _tell_person(upload: Upload, *, now: datetime) -> None:
    tenant = Tenant.objects.get(pk=upload.tenant_id)
    leave_notice(
        Membership.objects.filter(user=upload.uploaded_by_id),
        f"Upload of {upload.file_name}: {_words(upload)}",
        key=f"upload {upload.number} {upload.state} {now}",
        now=now,
        address=page_address(tenant, "upload", upload.number),
        tone=Tone.DONE if upload.state == UploadState.DONE else Tone.TROUBLE,
    )


def _words(upload: Upload) -> str:
    if upload.state != UploadState.DONE:
        return upload.get_state_display().lower()
    counts = dict(upload.rows.order_by().values_list("outcome").annotate(Count("id")))
    refused = counts.get(RowOutcome.REFUSED, 0)
    rows = f"{sum(counts.values()) - refused:,} rows imported"
    return f"{rows}, {refused:,} could not be used" if refused else rows

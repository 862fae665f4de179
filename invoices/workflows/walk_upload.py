"""Goes through an upload, shipment by shipment, in chunks of one transaction each; a crash loses one chunk's work."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.pause_collection import pause_collection
from freightbridge.stored_files.read_content import read_content
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.intake.column_match import MatchRules, read_rules
from invoices.intake.row_groups import FileGroups, RowGroup
from invoices.intake.source_table import UnreadableFileError
from invoices.models import Upload
from invoices.models.upload import UploadState
from invoices.workflows.announce_upload import announce_upload
from invoices.workflows.group_upload import group_upload

# Shipments.
CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some shipments of a file, in the tenant's scope."""

    upload: Upload
    tenant: Tenant
    groups: Sequence[RowGroup]
    file: FileGroups
    rules: MatchRules
    now: datetime


# Returns how many rows were settled.
Settle = Callable[[Chunk], int]


@pause_collection()
def walk_upload(
    work: Work, settle: Settle, *, during: UploadState, afterwards: UploadState, if_unreadable: UploadState
) -> Again | None:
    """
    Background work on the upload `work.subject_id`, as long as its state is `during`.

    What the file says is read outside any transaction. Where it goes on stands on the upload itself, under a lock, so
    neither a second worker nor a repeated stretch settles a row twice.
    """
    with tenant_scope(work.tenant_id):
        tenant = Tenant.objects.get(pk=work.tenant_id)
        upload = Upload.objects.get(pk=work.subject_id)
        if upload.state != during:
            return None
        content = read_content(upload.file_id)
    rules = read_rules(upload.rules)
    try:
        file = group_upload(upload, content, rules, tenant=tenant)
    except UnreadableFileError as error:
        stop_upload(work, str(error), state=if_unreadable)
        return None
    # Of all that was read only the places of the rows are needed any more.
    del content
    # Not from the beginning: however long a file takes to read, each stretch gets something done.
    stop_at = time.monotonic() + STRETCH_SECONDS
    while time.monotonic() < stop_at:
        with tenant_scope(tenant):
            locked = Upload.objects.select_for_update().get(pk=upload.pk)
            if (locked.state, locked.rules, locked.sheet) != (during, upload.rules, upload.sheet):
                return None
            groups = file.groups[locked.shipments_done : locked.shipments_done + CHUNK]
            if not groups:
                _end(locked, afterwards, now=read_clock())
                return None
            chunk = Chunk(upload=locked, tenant=tenant, groups=groups, file=file, rules=rules, now=read_clock())
            _advance(locked, rows=settle(chunk), shipments=len(groups))
        # The cycles of one chunk: those of a whole stretch are tens of megabytes.
        gc.collect(0)
    return Again(at=read_clock())


def stop_upload(work: Work, sentence: str, *, state: UploadState) -> None:
    """Before its end; `sentence` says why to the person who looks at it."""
    with tenant_scope(work.tenant_id):
        upload = Upload.objects.select_for_update().get(pk=work.subject_id)
        upload.failure = sentence
        upload.save(update_fields=["failure"])
        _end(upload, state, now=read_clock())


def _advance(upload: Upload, *, rows: int, shipments: int) -> None:
    upload.rows_done += rows
    upload.shipments_done += shipments
    upload.save(update_fields=["rows_done", "shipments_done"])


def _end(upload: Upload, state: UploadState, *, now: datetime) -> None:
    upload.state, upload.finished_at = state, now
    upload.save(update_fields=["state", "finished_at"])
    announce_upload(upload, now=now)

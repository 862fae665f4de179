"""The dry run: tells of every row what an import would do with it, and touches no shipment."""

from datetime import datetime
from typing import Any

from freightbridge.access.models import User
from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from invoices.intake.column_match import ColumnMatchError, MatchRules, check_rules, read_rules, write_rules
from invoices.intake.plan_shipment import plan_shipment
from invoices.models import Upload
from invoices.models.upload import UploadState
from invoices.work_names import CHECK_UPLOAD
from invoices.workflows.load_standing import load_standing
from invoices.workflows.remember_match import remember_match
from invoices.workflows.upload_report import write_report
from invoices.workflows.walk_upload import Chunk, stop_upload, walk_upload

CHECKABLE = {UploadState.MATCHING, UploadState.CHECKING, UploadState.CHECKED, UploadState.FAILED}


class UploadStateError(Exception):
    """The upload is at another point than somebody thought. The message says where it is."""


def start_check(upload: Upload, *, rules: Any, by: User, now: datetime, name: str = "") -> None:
    """
    A person has matched the columns, or matched them anew: a worker makes the dry run.

    `rules`: JSON as `intake/column_match.py` has it. They are remembered for files with the same header, under
    `name` or the file's name. In the tenant's scope. Raises ColumnMatchError, UploadStateError.
    """
    read = read_rules(rules)
    problems = check_rules(read, header=upload.header)
    if problems:
        raise ColumnMatchError(" ".join(problems))
    locked = lock_upload(upload, allowed=CHECKABLE)
    locked.column_match = remember_match(read, header=locked.header, name=name or locked.file_name, now=now)
    begin_check(locked, read, now=now)
    record_event(action="match columns", subject=locked, by=by.email, now=now, rules=locked.rules)
    upload.refresh_from_db()


def begin_check(upload: Upload, rules: MatchRules, *, now: datetime) -> None:
    """The report of an earlier dry run goes, since it was made by other rules."""
    upload.rows.all().delete()
    upload.rules, upload.state, upload.failure = write_rules(rules), UploadState.CHECKING, ""
    upload.rows_done = upload.shipments_done = 0
    upload.finished_at = None
    upload.messages.pop("begun", None)
    upload.save()
    enqueue_work(CHECK_UPLOAD, [upload.pk], now=now)


def lock_upload(upload: Upload, *, allowed: set[UploadState]) -> Upload:
    """Of two people who act at once, the second one is told where the first one left it. Raises UploadStateError."""
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.state not in allowed:
        raise UploadStateError(f"{locked} is in the state “{locked.get_state_display()}”, so this cannot be done now.")
    return locked


def check_upload(work: Work) -> Again | None:
    """Background work."""
    return walk_upload(
        work,
        _forecast,
        during=UploadState.CHECKING,
        afterwards=UploadState.CHECKED,
        if_unreadable=UploadState.FAILED,
    )


def checking_gave_up(work: Work, reason: str) -> None:
    sentence = f"The file could not be checked, which is our fault. Nothing was imported. ({reason})"
    stop_upload(work, sentence, state=UploadState.FAILED)


def _forecast(chunk: Chunk) -> int:
    standing = load_standing(chunk.groups, chunk.file, is_locked=False)
    plans = [
        plan_shipment(group, standing=standing.values.get(group.number), known=standing.known, rules=chunk.rules)
        for group in chunk.groups
    ]
    shipment_ids = {number: shipment.pk for number, shipment in standing.shipments.items()}
    return write_report(chunk.upload, plans, shipment_ids=shipment_ids, created={})

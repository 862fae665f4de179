"""A file comes in: refused with a sentence, or kept, looked at and, where its columns are known, checked at once."""

from datetime import datetime
from pathlib import PurePath

from django.db.models import Max

from freightbridge.access.models import User
from freightbridge.audit.record_event import record_event
from freightbridge.stored_files.models import StoredFile
from freightbridge.stored_files.store_file import store_file
from freightbridge.transactions import require_transaction
from invoices.intake.column_match import ColumnMatchError, MatchRules, check_rules, read_rules, write_rules
from invoices.intake.parsed_rows import LONGEST_SHOWN
from invoices.intake.propose_match import propose_match
from invoices.intake.read_table import read_table
from invoices.intake.source_table import Table, cell_text
from invoices.models import ColumnMatch, Upload
from invoices.models.upload import UploadState
from invoices.workflows.check_upload import CHECKABLE, begin_check, lock_upload
from invoices.workflows.remember_match import recall_match

CSV_TYPE = "text/csv"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 255
SHOWN_ROWS = 5
# Rows that a proposal is made by.
LOOKED_AT = 100


def receive_upload(content: bytes, *, file_name: str, by: User, now: datetime) -> Upload:
    """
    In the tenant's scope. Its state is CHECKING where a match is remembered or certain, else MATCHING.

    Raises UnreadableFileError with the sentence to show; nothing was kept then.
    """
    require_transaction()
    table = read_table(content, keep=LOOKED_AT)
    kept = store_file(content, content_type=WORKBOOK_TYPE if table.sheets else CSV_TYPE, now=now)
    upload = Upload.objects.create(
        number=_next_number(),
        file=kept,
        file_name=_plain_file_name(file_name),
        uploaded_by=by,
        uploaded_at=now,
        notes=[*_earlier(kept), *table.notes],
    )
    record_event(action="upload file", subject=upload, by=by.email, now=now, sha256=kept.sha256, bytes=kept.size)
    _look_at(upload, table, now=now)
    return upload


def choose_sheet(upload: Upload, sheet: str, *, now: datetime) -> None:
    """Another sheet of the workbook is read instead. Raises UnreadableFileError, UploadStateError."""
    locked = lock_upload(upload, allowed=CHECKABLE)
    table = read_table(bytes(locked.file.content), sheet=sheet, keep=LOOKED_AT)
    locked.notes = [*_earlier(locked.file, but=locked), *table.notes]
    locked.rows.all().delete()
    _look_at(locked, table, now=now)
    upload.refresh_from_db()


def _look_at(upload: Upload, table: Table, *, now: datetime) -> None:
    upload.header, upload.row_count = list(table.header), table.row_count
    upload.sheets, upload.sheet = list(table.sheets), table.sheet
    upload.sample = [[cell_text(cell)[:LONGEST_SHOWN] for cell in row.cells] for row in table.rows[:SHOWN_ROWS]]
    upload.state, upload.confidence, upload.column_match = UploadState.MATCHING, {}, None
    remembered = recall_match(table.header)
    rules = _usable(remembered, table)
    if remembered is not None and rules is not None:
        upload.column_match = remembered
        ColumnMatch.objects.filter(pk=remembered.pk).update(used_at=now)
        begin_check(upload, rules, now=now)
        return
    proposal = propose_match(table.header, table.rows)
    upload.confidence = dict(proposal.confidence)
    if proposal.is_certain:
        begin_check(upload, proposal.rules, now=now)
    else:
        upload.rules = write_rules(proposal.rules)
        upload.save()


def _usable(match: ColumnMatch | None, table: Table) -> MatchRules | None:
    """One that an older version remembered may not be readable any more; the columns are then matched anew."""
    if match is None:
        return None
    try:
        rules = read_rules(match.rules)
    except ColumnMatchError:
        return None
    return None if check_rules(rules, header=table.header) else rules


def _next_number() -> int:
    """Two people who upload in the same instant collide on the unique number; the second one tries again."""
    return (Upload.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _plain_file_name(name: str) -> str:
    """Without folders, which some browsers send, and without characters that cannot be seen."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(character for character in last if character.isprintable())[-LONGEST_NAME:] or "file"


def _earlier(kept: StoredFile, *, but: Upload | None = None) -> list[str]:
    others = Upload.objects.filter(file=kept)
    same = (others.exclude(pk=but.pk) if but else others).order_by("-number").first()
    if same is None:
        return []
    return [f"The same file came in before, as upload {same.number}; rows that are there already stay as they are."]

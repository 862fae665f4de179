"""A file comes in: refused with a sentence, or kept, looked at and, where its columns are known, checked at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.db.models import Max

from freightbridge.access.models import User
from freightbridge.audit.record_event import record_event
from freightbridge.stored_files.models import StoredFile
from freightbridge.stored_files.read_content import read_content
from freightbridge.stored_files.store_file import store_file
from freightbridge.transactions import require_transaction
from invoices.intake.column_match import ColumnMatchError, MatchRules, check_rules, read_rules, write_rules
from invoices.intake.edi.message_codes import codes_of
from invoices.intake.edi.plan_messages import parts_of
from invoices.intake.edi.read_messages import holds_messages, read_messages
from invoices.intake.file_guards import check_file
from invoices.intake.parsed_rows import LONGEST_SHOWN
from invoices.intake.propose_match import propose_match
from invoices.intake.read_table import read_table
from invoices.intake.source_table import Table, cell_text
from invoices.models import ColumnMatch, Upload
from invoices.models.upload import UploadForm, UploadState
from invoices.workflows.check_upload import CHECKABLE, begin_check, lock_upload
from invoices.workflows.remember_match import recall_match

CSV_TYPE = "text/csv"
EDI_TYPE = "application/edi-consent"
XML_TYPE = "application/xml"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 255
MESSAGES_NOTE = "Read as {form}: {count}. Each row below is what one message says of one shipment."
SHOWN_ROWS = 5
# Rows that a proposal is made by.
LOOKED_AT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Received:
    """A file that came in. `actor`: who acts in the name of `by`, as an API key does; else it is he himself."""

    content: bytes
    file_name: str
    by: User
    actor: str
    now: datetime


def receive_upload(content: bytes, *, file_name: str, by: User, now: datetime, actor: str = "") -> Upload:
    """
    In the tenant's scope. Its state is CHECKING where a match is remembered or certain, or where it holds messages;
    else MATCHING. `actor`: who acts in the name of `by`, as an API key does.

    Raises UnreadableFileError with the sentence to show; nothing was kept then.
    """
    require_transaction()
    received = _Received(content=content, file_name=file_name, by=by, actor=actor or by.email, now=now)
    return _receive_messages(received) if holds_messages(content) else _receive_table(received)


def _receive_table(received: _Received) -> Upload:
    table = read_table(received.content, keep=LOOKED_AT)
    upload = _keep(received, content_type=WORKBOOK_TYPE if table.sheets else CSV_TYPE, notes=table.notes)
    _look_at(upload, table, now=received.now)
    return upload


def _receive_messages(received: _Received) -> Upload:
    """Nothing of it waits for a person before the dry run: what cannot be told stands in its report."""
    check_file(received.content)
    file = read_messages(received.content)
    parts = parts_of(file)
    kind = XML_TYPE if file.form.endswith("XML") else EDI_TYPE
    count = "1 message" if len(file.messages) == 1 else f"{len(file.messages):,} messages"
    notes = [MESSAGES_NOTE.format(form=file.form, count=count), *(note.text for note in file.notes)]
    upload = _keep(received, content_type=kind, notes=notes)
    upload.form, upload.row_count = UploadForm.MESSAGES, len(parts)
    upload.messages = {"codes": [[one.owner, one.code, one.description] for one in codes_of(file.messages)]}
    begin_check(upload, MatchRules(fields={}), now=received.now)
    return upload


def _keep(received: _Received, *, content_type: str, notes: Sequence[str]) -> Upload:
    kept = store_file(received.content, content_type=content_type, now=received.now)
    upload = Upload.objects.create(
        number=_next_number(),
        file=kept,
        file_name=_plain_file_name(received.file_name),
        uploaded_by=received.by,
        uploaded_at=received.now,
        notes=[*_earlier(kept), *notes],
    )
    facts = {"sha256": kept.sha256, "bytes": kept.size}
    record_event(action="upload file", subject=upload, by=received.actor, now=received.now, **facts)
    return upload


def choose_sheet(upload: Upload, sheet: str, *, now: datetime) -> None:
    """Another sheet of the workbook is read instead. Raises UnreadableFileError, UploadStateError."""
    locked = lock_upload(upload, allowed=CHECKABLE)
    table = read_table(read_content(locked.file_id), sheet=sheet, keep=LOOKED_AT)
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

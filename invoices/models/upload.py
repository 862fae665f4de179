from django.db import models
from django.db.models import F

from freightbridge.access.models import User
from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import TenantModel
from invoices.models.shipment import Shipment


class UploadForm(models.TextChoices):
    """What the file is made of: rows under a header, or messages of other systems."""

    TABLE = "table", "Table"
    MESSAGES = "messages", "Messages"


class ColumnMatch(TenantModel):
    """How the columns of one kind of file become our fields; remembered, so the next such file matches itself."""

    name = models.CharField(max_length=100)
    # `intake/column_match.py` says what stands in it.
    rules = models.JSONField()
    # SHA-256 of the header row it was made for.
    header_fingerprint = models.CharField(max_length=64)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="column_match_name_once")]
        indexes = [models.Index(fields=["tenant", "header_fingerprint", "-used_at"], name="column_match_header")]

    def __str__(self) -> str:
        return self.name


class UploadState(models.TextChoices):
    MATCHING = "matching", "Waiting for its columns to be matched"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked, nothing imported yet"
    IMPORTING = "importing", "Being imported"
    STOPPED = "stopped", "Stopped before its end"
    DONE = "done", "Imported"
    FAILED = "failed", "Could not be read"
    UNDONE = "undone", "Undone"


class Upload(TenantModel):
    """
    A file of shipments. The dry run and the import write a report of every row.

    `shipments_done` says where the dry run or the import goes on: it is written in the transaction of the rows
    it counts, so a crash at any point neither loses nor repeats one.
    """

    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, db_constraint=False, related_name="+")
    file_name = models.CharField(max_length=255)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.MATCHING)
    failure = models.TextField(blank=True)
    form = models.CharField(max_length=10, choices=UploadForm, default=UploadForm.TABLE)
    # Of messages: {"codes": [[whose, code, description]], "begun": {row: shipment number, "" where it was refused}}.
    # `begun` is how a dry run or an import under way started out, so that its rows keep their places.
    messages = models.JSONField(default=dict)
    # What a person should know of how the file was read: its encoding, its sheets, doubled column names.
    notes = models.JSONField(default=list)
    # Of a workbook: its sheets, and the one that is read.
    sheets = models.JSONField(default=list)
    sheet = models.CharField(max_length=100, blank=True)
    header = models.JSONField(default=list)
    # The first rows as text, for the page on which columns are matched.
    sample = models.JSONField(default=list)
    column_match = models.ForeignKey(ColumnMatch, models.SET_NULL, null=True, db_constraint=False, related_name="+")
    # The match as it was proposed, then as it was confirmed; a later change of `column_match` leaves it alone.
    rules = models.JSONField(default=dict)
    # How sure each proposed column is, from 0 to 1.
    confidence = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    shipments_done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="upload_number_once")]
        indexes = [models.Index(F("tenant"), F("uploaded_at").desc(), name="upload_newest")]

    def __str__(self) -> str:
        return f"Upload {self.number}: {self.file_name}"


class RowOutcome(models.TextChoices):
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    SAME = "same", "Already there, unchanged"
    REFUSED = "refused", "Refused"


class UploadRow(TenantModel):
    """What will become, or became, of one row of a file."""

    upload = models.ForeignKey(Upload, models.CASCADE, db_constraint=False, related_name="rows")
    row_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    shipment_number = models.CharField(max_length=60, blank=True)
    shipment = models.ForeignKey(Shipment, models.SET_NULL, null=True, db_constraint=False, related_name="+")
    # [{"column", "value", "text", "is_error", "is_warning"}]: what was refused, what was left out and why.
    remarks = models.JSONField(default=list)
    # What this row brought into being, which undoing takes away again: {"shipments": [id], "charges": [id, …], …}
    created = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "upload", "row_number"], name="upload_row_once")]
        indexes = [models.Index(fields=["tenant", "upload", "outcome", "row_number"], name="upload_row_outcome")]

    def __str__(self) -> str:
        return f"Row {self.row_number}: {self.outcome}"


class SourceRow(TenantModel):
    """
    A row of a file as it stood when it last came in, beside the shipment that it speaks of.

    By it a row is known again, even one that brought no charge; and only what it says differently from last time
    is written, so that uploading a file twice undoes nobody's edits.
    """

    shipment = models.ForeignKey(Shipment, models.CASCADE, db_constraint=False, related_name="source_rows")
    # The source's own, else "#2" for the second row of its shipment.
    key = models.CharField(max_length=60)
    # `intake/row_content.py` says what stands in it.
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "shipment", "key"], name="source_row_once")]
        indexes = [models.Index(fields=["tenant", "key"], name="source_row_key")]

    def __str__(self) -> str:
        return f"Row {self.key} of shipment {self.shipment_id}"

from django.db import models
from django.db.models import F

from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection
from integrations.models.xero_document import XeroDocument


class ExportKind(models.TextChoices):
    """Xero imports each with columns of its own."""

    SALES = "sales invoice", "Sales invoices"
    BILLS = "bill", "Bills"


class ExportChoice(models.TextChoices):
    NEW = "new", "Only new documents"
    RANGE = "range", "All documents of these dates"


class ExportFile(TenantModel):
    """A file that a person imports into Xero himself, and what was asked of it."""

    connection = models.ForeignKey(XeroConnection, models.PROTECT, db_constraint=False, related_name="export_files")
    number = models.PositiveIntegerField()
    # One token for each form shown: a double click finds the file that the first one asked for.
    form_token = models.UUIDField()
    kind = models.CharField(max_length=20, choices=ExportKind)
    choice = models.CharField(max_length=10, choices=ExportChoice)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    # Whether shipments that are ready are invoiced for it.
    takes_ready = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    # Null while a worker still makes it.
    made_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    document_count = models.PositiveIntegerField(default=0)
    content = models.ForeignKey(StoredFile, models.PROTECT, null=True, db_constraint=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="export_file_number_once"),
            models.UniqueConstraint(fields=["tenant", "form_token"], name="export_file_token_once"),
        ]
        indexes = [models.Index(F("tenant"), F("number").desc(), name="export_file_newest")]

    def __str__(self) -> str:
        return f"Export file {self.number}"

    @property
    def file_name(self) -> str:
        words = "bills" if self.kind == ExportKind.BILLS else "sales-invoices"
        return f"xero-{words}-{self.number}.csv"


class ExportedDocument(TenantModel):
    """A document in a file; a later file that holds it too replaces the earlier one."""

    file = models.ForeignKey(ExportFile, models.CASCADE, db_constraint=False, related_name="members")
    document = models.ForeignKey(XeroDocument, models.CASCADE, db_constraint=False, related_name="exports")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "file", "document"], name="exported_document_once")]
        indexes = [models.Index(fields=["tenant", "document", "file"], name="exported_document_files")]

    def __str__(self) -> str:
        return f"{self.document_id} in file {self.file_id}"

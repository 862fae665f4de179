from django.db import models
from django.db.models import F, Q

from freightbridge.tenancy.models import TenantModel
from integrations.job_states import BreakKind
from integrations.models.choices import choices_of
from integrations.models.xero_connection import XeroConnection
from integrations.models.xero_document import XeroDocument


class LedgerComparison(TenantModel):
    """How far the comparison of everything sent with everything in Xero has come; one row a connection."""

    connection = models.OneToOneField(XeroConnection, models.CASCADE, db_constraint=False, related_name="comparison")
    # Of the run under way, or of the last one: when it began, and since when what it reads was changed (null: ever).
    began_at = models.DateTimeField(null=True)
    changed_since = models.DateTimeField(null=True)
    is_of_week = models.BooleanField(default=False)
    # Everything that changed in Xero before this has been compared.
    compared_until = models.DateTimeField(null=True)
    # When the last run that read a whole week began.
    week_compared_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"comparison of connection {self.connection_id}"


class LedgerBreak(TenantModel):
    """
    A place where our books and Xero's do not agree. It stays after it is closed: support asks what was.

    `document` is empty where nothing here is known of what Xero holds, `xero_id` where Xero holds nothing.
    """

    connection = models.ForeignKey(XeroConnection, models.PROTECT, db_constraint=False, related_name="breaks")
    document = models.ForeignKey(XeroDocument, models.PROTECT, null=True, db_constraint=False, related_name="breaks")
    kind = models.CharField(max_length=12, choices=choices_of(BreakKind))
    xero_id = models.UUIDField(null=True)
    document_kind = models.CharField(max_length=20)
    number = models.CharField(max_length=255, blank=True)
    xero_status = models.CharField(max_length=12, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    # What Xero says it is over; null where Xero holds nothing.
    total = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    # [{"field": "total", "ours": "110.00", "theirs": …}]
    differences = models.JSONField(default=list)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # Who closed it, and why; empty name: it was gone when the books were compared again.
    closed_by = models.CharField(max_length=254, blank=True)
    closed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "connection", "kind", "document", "xero_id"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="ledger_break_open_once",
            ),
        ]
        indexes = [
            models.Index(F("tenant"), F("connection"), F("id").desc(), name="ledger_break_newest"),
            models.Index(fields=["tenant", "connection"], condition=Q(closed_at=None), name="ledger_break_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

from django.db import models
from django.db.models import F, Q

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class FoundKind(models.TextChoices):
    QUOTE = "quote", "Accepted quote"
    SALES_INVOICE = "sales invoice", "Sales invoice"
    PURCHASE_ORDER = "purchase order", "Purchase order"


class FoundState(models.TextChoices):
    FOUND = "found", "Found"
    IMPORTED = "imported", "Imported"
    WAITING = "waiting", "Waiting"


class FoundDocument(TenantModel):
    """What others entered in Xero and freight may come of (F81, F82); nothing of ours is among it."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="found_documents")
    kind = models.CharField(max_length=20, choices=FoundKind)
    xero_id = models.UUIDField()
    number = models.CharField(max_length=255, blank=True)
    contact_id = models.UUIDField(null=True)
    contact_name = models.CharField(max_length=500, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    total = models.DecimalField(max_digits=16, decimal_places=2)
    xero_status = models.CharField(max_length=12)
    # What it says, as `found_documents/read_elements.py` keeps it; and what of that stands on the shipment.
    content = models.JSONField()
    applied = models.JSONField(null=True)
    # True while there is news that nobody has looked at.
    is_pending = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=FoundState, default=FoundState.FOUND)
    # Why it waits, or what was changed here and in Xero both.
    note = models.TextField(blank=True)
    shipment = models.ForeignKey(
        "invoices.Shipment", models.SET_NULL, null=True, db_constraint=False, related_name="found_documents"
    )
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "xero_id"], name="found_document_once"),
        ]
        indexes = [
            models.Index(F("tenant"), F("connection"), F("id").desc(), name="found_document_newest"),
            models.Index(
                fields=["tenant", "connection", "id"], condition=Q(is_pending=True), name="found_document_pending"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

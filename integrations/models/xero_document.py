from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate

from freightbridge.tenancy.models import TenantModel
from integrations.job_states import DocumentState, MoneyState
from integrations.models.choices import choices_of
from integrations.models.xero_connection import XeroConnection


class XeroDocument(TenantModel):
    """
    What we know of one document in Xero: the one row that lists join.

    `identity` is our mark on it there; it never changes. `xero_id` is set once and never changes either, but for one
    that was taken over by mistake and is released again.
    """

    connection = models.ForeignKey(XeroConnection, models.PROTECT, db_constraint=False, related_name="documents")
    invoice = models.OneToOneField(
        "invoices.Invoice", models.PROTECT, null=True, db_constraint=False, related_name="xero_document"
    )
    kind = models.CharField(max_length=20)
    identity = models.CharField(max_length=26)
    # What the freight side calls that which the document is about: it may come to have several documents.
    source_name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=10, choices=choices_of(DocumentState), default=DocumentState.QUEUED)
    # Since when the outcome of a call is not known.
    unknown_since = models.DateTimeField(null=True)
    problem_code = models.CharField(max_length=6, blank=True)
    xero_id = models.UUIDField(null=True)
    number = models.CharField(max_length=255, blank=True)
    xero_status = models.CharField(max_length=12, blank=True)
    sent_at = models.DateTimeField(null=True)
    # When it last went into a file for a person to import into Xero.
    exported_at = models.DateTimeField(null=True)
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=16, decimal_places=2)
    due_date = models.DateField(null=True)
    money_state = models.CharField(max_length=10, choices=choices_of(MoneyState), default=MoneyState.NONE, blank=True)
    amount_due = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    amount_paid = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    amount_credited = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    fully_paid_date = models.DateField(null=True)
    # What settles it, newest last: [{"id": …, "date": "2026-03-04", "amount": "120.00", "kind": …, "number": …}].
    payments = models.JSONField(default=list)
    # Xero's own moment of the last change we have seen: older news is not applied.
    changed_in_xero_at = models.DateTimeField(null=True)
    # When it was last compared with what Xero holds, and what it is over there.
    compared_at = models.DateTimeField(null=True)
    total_in_xero = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    has_pdf = models.BooleanField(default=False)
    # It stood in Xero before, and a person said that it is ours; nothing of it was sent.
    is_adopted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "identity"], name="xero_document_identity_once"),
            models.UniqueConstraint(
                fields=["tenant", "connection", "xero_id"],
                condition=Q(xero_id__isnull=False),
                name="xero_document_id_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="in xero") | Q(xero_id__isnull=False), name="xero_document_in_xero_has_id"
            ),
        ]
        indexes = [
            models.Index(F("tenant"), F("state"), F("id").desc(), name="xero_document_by_state"),
            models.Index(F("tenant"), F("money_state"), F("id").desc(), name="xero_document_by_money"),
            models.Index(fields=["tenant", "number"], name="xero_document_by_number"),
            # Whatever the database's collation: numbers that begin alike stand together in this one.
            models.Index(F("tenant"), Collate("number", "C"), name="xero_document_by_beginning"),
            models.Index(fields=["tenant", "xero_id"], name="xero_document_by_xero_id"),
            models.Index(fields=["tenant", "source_name"], name="xero_document_by_source"),
            models.Index(
                fields=["tenant", "exported_at"], condition=Q(exported_at__isnull=False), name="xero_document_exported"
            ),
            models.Index(fields=["tenant", "sent_at"], condition=Q(sent_at__isnull=False), name="xero_document_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

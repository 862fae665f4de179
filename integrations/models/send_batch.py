from django.db import models
from django.db.models import F

from freightbridge.tenancy.models import TenantModel
from integrations.models.connection_settings import SentSides


class BatchTrigger(models.TextChoices):
    """What set it going."""

    PERSON = "person", "A person"
    STATUS = "status", "The status reached"
    SCHEDULE = "schedule", "The schedule"


class SendBatch(TenantModel):
    """A click on Send to Accounting, or what stands for one: what was selected, and what became of each."""

    number = models.PositiveIntegerField()
    # One token for each dialog shown: a double click finds the batch that the first one made.
    form_token = models.UUIDField()
    sides = models.CharField(max_length=20, choices=SentSides, default=SentSides.SALES)
    trigger = models.CharField(max_length=10, choices=BatchTrigger, default=BatchTrigger.PERSON)
    # The person has confirmed that demo companies may be among the organisations.
    allows_demo = models.BooleanField(default=False, db_default=False)
    # Whether what was exported by file before is sent all the same.
    sends_filed = models.BooleanField(default=False)
    # Ids of selected shipments that the click left to a worker, in their order; they become members before any goes.
    rest = models.JSONField(default=list)
    # Who wants what was stopped to be tried again, while a worker is at it.
    retried_by = models.CharField(max_length=254, blank=True)
    retried_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=254)
    started_at = models.DateTimeField()
    # Null while a worker still drafts and queues its members.
    prepared_at = models.DateTimeField(null=True)
    # A person wants what has not begun to wait, or not to be sent at all; a worker makes members and jobs follow.
    paused_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    correlation_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="send_batch_number_once"),
            models.UniqueConstraint(fields=["tenant", "form_token"], name="send_batch_token_once"),
        ]
        indexes = [models.Index(F("tenant"), F("started_at").desc(), name="send_batch_newest")]

    def __str__(self) -> str:
        return f"Batch {self.number}"


class MemberOutcome(models.TextChoices):
    WAITING = "waiting", "Waiting"
    HANDED_OVER = "handed over", "Handed over"
    SKIPPED = "skipped", "Skipped"


class BatchMember(TenantModel):
    """A selected shipment. What happens after it was handed over is told by its documents."""

    batch = models.ForeignKey(SendBatch, models.CASCADE, db_constraint=False, related_name="members")
    shipment = models.ForeignKey("invoices.Shipment", models.CASCADE, db_constraint=False, related_name="+")
    outcome = models.CharField(max_length=12, choices=MemberOutcome, default=MemberOutcome.WAITING)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "batch", "shipment"], name="batch_member_once")]
        indexes = [models.Index(fields=["tenant", "batch", "outcome", "id"], name="batch_member_outcome")]

    def __str__(self) -> str:
        return f"{self.shipment_id} in batch {self.batch_id}"

from django.db import models

from freightbridge.tenancy.models import TenantModel
from invoices.models.shipment import Shipment, ShipmentStatus


class ScheduleMode(models.TextChoices):
    OFF = "off", "Off: only people send, or the status"
    EVERY = "every", "Every so many minutes"
    AT_TIMES = "at times", "At set times of the day"


def agreed_statuses() -> list[str]:
    return [ShipmentStatus.INVOICE_READY.value]


class SendTriggers(TenantModel):
    """What makes a shipment go, one row a company. Everything that could surprise is off."""

    # At these the shipment form offers to send, and what goes by itself goes.
    statuses = models.JSONField(default=agreed_statuses)
    is_automatic = models.BooleanField(default=False)
    schedule = models.CharField(max_length=10, choices=ScheduleMode, default=ScheduleMode.OFF)
    every_minutes = models.PositiveSmallIntegerField(default=15)
    # Such as ["08:00", "17:30"], in the company's time zone.
    at_times = models.JSONField(default=list)
    # When the schedule sends next; the work item is only its nudge.
    next_run_at = models.DateTimeField(null=True)
    last_run_at = models.DateTimeField(null=True)
    # Null where nothing could go.
    last_batch_number = models.PositiveIntegerField(null=True)
    # What stood at the statuses and could not go: [{"reason": ..., "count": ...}].
    last_held = models.JSONField(default=list)
    last_failure = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="send_triggers_once")]

    def __str__(self) -> str:
        return "what makes a shipment go"


class ReachedStatus(TenantModel):
    """A shipment that came to an agreed status and goes by itself, until a worker has put it into a batch."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, db_constraint=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "shipment"], name="reached_status_once")]

    def __str__(self) -> str:
        return f"{self.shipment_id} reached its status"

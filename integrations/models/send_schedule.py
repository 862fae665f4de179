from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class ScheduleMode(models.TextChoices):
    OFF = "off", "Off: only people send, or the status"
    EVERY = "every", "Every so many minutes"
    AT_TIMES = "at times", "At set times of the day"


class SendSchedule(TenantModel):
    """When what goes to an organisation goes by itself; without a row it is off."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="+")
    mode = models.CharField(max_length=10, choices=ScheduleMode, default=ScheduleMode.OFF)
    every_minutes = models.PositiveSmallIntegerField(default=15)
    # Such as ["08:00", "17:30"], in the company's time zone.
    at_times = models.JSONField(default=list)
    # The work item is only its nudge.
    next_run_at = models.DateTimeField(null=True)
    last_run_at = models.DateTimeField(null=True)
    # Null where nothing could go.
    last_batch_number = models.PositiveIntegerField(null=True)
    # What stood at the statuses and could not go: [{"reason": ..., "count": ...}].
    last_held = models.JSONField(default=list)
    last_failure = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "connection"], name="send_schedule_once")]

    def __str__(self) -> str:
        return f"schedule for {self.connection.name}"

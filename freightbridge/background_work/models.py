import uuid

from django.db import models
from django.db.models import F, Q

from freightbridge.tenancy.models import TenantModel
from freightbridge.tenancy.tenant_manager import DirectoryManager


class WorkItem(TenantModel):
    """
    Something a worker must do for a tenant: the row is the truth, the Celery message a nudge.

    A finished item is deleted. `fence` rises with every claim, and every write of a claim names it, so a
    worker that lost its lease changes nothing. `asked_id` changes with every request: one that comes while
    the work is being done finds it done once more.
    """

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    queue = models.CharField(max_length=20)
    asked_id = models.UUIDField(default=uuid.uuid4)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    # Committed before the work begins, so that work which kills its worker is counted too.
    started_count = models.PositiveSmallIntegerField(default=0)
    # How far long work has come; 0 when it is asked for anew.
    cursor = models.BigIntegerField(default=0)
    last_error = models.TextField(blank=True)
    gave_up_at = models.DateTimeField(null=True)
    correlation_id = models.CharField(max_length=40, blank=True)

    directory = DirectoryManager()

    is_directory = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "subject_id"], name="work_item_once"),
        ]
        indexes = [models.Index(F("queue"), F("next_at"), F("id"), condition=Q(gave_up_at=None), name="work_item_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

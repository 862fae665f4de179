import uuid

from django.db import models

from freightbridge.tenancy.models import TenantModel
from freightbridge.tenancy.row_level_security import AppendOnly


class AuditEvent(TenantModel):
    """
    Who did what in FreightBridge.

    It holds words, never keys to rows: history neither blocks a deletion nor goes with it.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField(default=uuid.uuid4)
    subject_name = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    correlation_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [AppendOnly(name="audit_event_append_only")]
        indexes = [
            models.Index(fields=["tenant", "-at", "-id"], name="audit_event_newest"),
            models.Index(fields=["tenant", "subject_id", "-at"], name="audit_event_subject"),
            models.Index(fields=["tenant", "actor", "-at", "-id"], name="audit_event_actor"),
            models.Index(fields=["tenant", "action", "-at", "-id"], name="audit_event_action"),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.subject_name}"

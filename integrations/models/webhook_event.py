from django.db import models
from django.db.models import Q


class WebhookEvent(models.Model):
    """
    Xero's hint that something changed, kept at once and looked into later.

    It belongs to no tenant: when it comes nobody has asked yet whose organisation it is, and it holds nothing but
    opaque ids. It stays for as long as Xero may repeat it, so that the repetition is known.
    """

    organisation_id = models.UUIDField()
    resource_id = models.UUIDField()
    category = models.CharField(max_length=20)
    event_type = models.CharField(max_length=20)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    # When the organisation's tenant was given work for it, and when that work was done.
    routed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "resource_id", "event_type", "happened_at"], name="webhook_event_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id"], condition=Q(routed_at=None), name="webhook_event_unrouted"),
            models.Index(
                fields=["organisation_id", "received_at"], condition=Q(settled_at=None), name="webhook_event_unsettled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.event_type} {self.resource_id}"

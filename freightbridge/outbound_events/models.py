from django.db import models
from django.db.models import F, Q

from freightbridge.outbound_events.public_address import without_path
from freightbridge.sealed_text import SealedText
from freightbridge.tenancy.models import TenantModel


class EventEndpoint(TenantModel):
    """An address that another system listens at. `failing_since`: the first failure after the last success."""

    url = models.CharField(max_length=500)
    # Values of `event_kinds.EventKind`.
    kinds = models.JSONField(default=list)
    secret_sealed = models.BinaryField(default=b"")
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    # Why it is off, for people; both empty while it is on.
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True)

    secret = SealedText()

    def __str__(self) -> str:
        """As activity keeps it, which is read by more people than the settings, and for ever."""
        return without_path(self.url)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Given up"


class EventDelivery(TenantModel):
    """One event for one endpoint. Its body is written once, with what it tells of; every try sends the same bytes."""

    endpoint = models.ForeignKey(EventEndpoint, models.CASCADE, db_constraint=False, related_name="deliveries")
    # The same for every endpoint that hears of it, and in every try.
    event_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    body = models.TextField()
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    next_at = models.DateTimeField()
    # Oldest first: [{"at": …, "status": 200 or null, "seconds": 0.12, "error": ""}].
    tries = models.JSONField(default=list)
    # Since when it is tried: a person may have asked for it again.
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(F("tenant"), F("endpoint"), F("id").desc(), name="event_delivery_newest"),
            models.Index(
                F("tenant"), F("endpoint"), F("next_at"), condition=Q(state="waiting"), name="event_delivery_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"

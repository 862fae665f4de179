from django.db import models
from django.db.models import F

from freightbridge.tenancy.models import TenantModel
from invoices.models.shipment import Shipment, ShipmentStatus


class StatusChange(TenantModel):
    """A person's mass change of status: what was selected, what it becomes, and whether it was taken back."""

    number = models.PositiveIntegerField()
    # One token for each dialog shown: a double click finds the change that the first one made.
    form_token = models.UUIDField()
    status = models.CharField(max_length=20, choices=ShipmentStatus)
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    # Null while a worker still changes its members.
    done_at = models.DateTimeField(null=True)
    undo_by = models.CharField(max_length=254, blank=True)
    undo_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="status_change_number_once"),
            models.UniqueConstraint(fields=["tenant", "form_token"], name="status_change_token_once"),
        ]
        indexes = [models.Index(F("tenant"), F("asked_at").desc(), name="status_change_newest")]

    def __str__(self) -> str:
        return f"Change of status {self.number}"

    @property
    def is_moving(self) -> bool:
        return not self.failure and (self.done_at is None or (self.undo_at is not None and self.undone_at is None))


class ChangeOutcome(models.TextChoices):
    WAITING = "waiting", "Waiting"
    CHANGED = "changed", "Changed"
    SKIPPED = "skipped", "Left as it is"
    UNDONE = "undone", "Changed back"
    KEPT = "kept", "Not changed back"


class StatusChangeMember(TenantModel):
    """A selected shipment. `before` is what it had, for the way back."""

    change = models.ForeignKey(StatusChange, models.CASCADE, db_constraint=False, related_name="members")
    shipment = models.ForeignKey(Shipment, models.CASCADE, db_constraint=False, related_name="+")
    before = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=10, choices=ChangeOutcome, default=ChangeOutcome.WAITING)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "change", "shipment"], name="status_member_once")]
        indexes = [models.Index(fields=["tenant", "change", "outcome", "id"], name="status_member_outcome")]

    def __str__(self) -> str:
        return f"{self.shipment_id} in change {self.change_id}"

from django.db import models

from freightbridge.tenancy.models import TenantModel
from invoices.models.shipment import Shipment, ShipmentStatus


def agreed_statuses() -> list[str]:
    return [ShipmentStatus.INVOICE_READY.value]


class SendTriggers(TenantModel):
    """What makes a shipment go, one row a company; schedules are their organisations'. What could surprise is off."""

    # At these the shipment form offers to send, and what goes by itself goes.
    statuses = models.JSONField(default=agreed_statuses)
    is_automatic = models.BooleanField(default=False)

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

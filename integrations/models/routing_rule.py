from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class RoutingRule(TenantModel):
    """A row of the table that says which organisation documents go to; the first that fits decides."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="routing_rules")
    position = models.PositiveIntegerField()
    # Each empty one fits everything; `mapping/route_document.py` reads them.
    branch = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    customer = models.CharField(max_length=50, blank=True)
    mode = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "position", "id"], name="routing_rule_order")]

    def __str__(self) -> str:
        return f"routing rule {self.position}"

from django.db import models

from freightbridge.access.models import Membership
from freightbridge.tenancy.models import TenantModel


class ListVisit(TenantModel):
    """When a member looked at the shipment list: this time, and the time before, since which things are new."""

    member = models.ForeignKey(Membership, models.CASCADE, db_constraint=False, related_name="+")
    looked_at = models.DateTimeField()
    looked_before_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "member"], name="list_visit_once")]

    def __str__(self) -> str:
        return f"member {self.member_id} looked at the list"

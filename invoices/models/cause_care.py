from django.db import models

from freightbridge.access.models import Membership
from freightbridge.tenancy.models import TenantModel


class CauseCare(TenantModel):
    """What people decided about a cause of problems: who sees to it, and from which day on it is shown again."""

    # As `CauseKey.public_id` has it; the cause itself stands in the problems of shipments and documents.
    cause = models.UUIDField()
    title = models.CharField(max_length=300)
    assigned_to = models.ForeignKey(Membership, models.SET_NULL, null=True, db_constraint=False, related_name="+")
    snoozed_until_date = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "cause"], name="cause_care_once")]

    def __str__(self) -> str:
        return self.title

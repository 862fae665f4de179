from django.db import models

from freightbridge.access.models import Membership
from freightbridge.tenancy.models import TenantModel

LONGEST_NAME = 60
LONGEST_QUERY = 2000


class SavedView(TenantModel):
    """
    Filters of the shipment list under a name.

    `owner` None: everybody's in the company. `query`: as `view_query` writes it, so that two can be compared.
    """

    owner = models.ForeignKey(Membership, models.CASCADE, null=True, db_constraint=False, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "owner", "name"], name="saved_view_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name


class ListChoice(TenantModel):
    """How a member wants the shipment list and its dialogs. `columns` None: the usual ones."""

    member = models.ForeignKey(Membership, models.CASCADE, db_constraint=False, related_name="+")
    columns = models.JSONField(null=True)
    # Which sides of a shipment he sent last, where he had the choice; empty: he never had it.
    sent_sides = models.CharField(max_length=20, blank=True, default="", db_default="")
    opens_with = models.ForeignKey(SavedView, models.SET_NULL, null=True, db_constraint=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "member"], name="list_choice_once")]

    def __str__(self) -> str:
        return f"the list of member {self.member_id}"

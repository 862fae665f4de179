from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class RulesVersion(TenantModel):
    """Mapping and sending rules of an organisation as they stood after somebody's change."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="rules_versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=254)
    # Why, in a few words: "mapping changed", "rolled back to version 3".
    reason = models.CharField(max_length=200)
    # What differs from the version before, a sentence each.
    changes = models.JSONField(default=list)
    # {"charge rules": {"sales|FRT|": {"account_code": "200", …}, …}, …}
    rules = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "connection", "number"], name="rules_version_once")]

    def __str__(self) -> str:
        return f"version {self.number}"

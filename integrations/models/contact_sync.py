from django.db import models
from django.db.models import F, Q

from freightbridge.tenancy.models import TenantModel
from integrations.mapping.match_customer import MatchKind
from integrations.models.choices import choices_of
from integrations.models.xero_connection import XeroConnection


class ContactSync(TenantModel):
    """Customers against contacts, once through; the newest of a connection keeps its rows as the report."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="contact_syncs")
    # Empty: by schedule.
    asked_by = models.CharField(max_length=254, blank=True)
    asked_at = models.DateTimeField()
    contacts_read_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    customer_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    # The last customer that was compared, written in the transaction of his row.
    reached_id = models.PositiveBigIntegerField(default=0)
    # How many of each kind: {"matched": 3, …}
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "connection"], condition=Q(finished_at=None), name="contact_sync_one_under_way"
            )
        ]
        indexes = [models.Index(F("tenant"), F("connection"), F("id").desc(), name="contact_sync_newest")]

    def __str__(self) -> str:
        return f"customers of connection {self.connection_id} at {self.asked_at:%Y-%m-%d %H:%M}"


class ContactSyncRow(TenantModel):
    """What was found of one customer, or of one contact that is no customer here."""

    sync = models.ForeignKey(ContactSync, models.CASCADE, db_constraint=False, related_name="rows")
    kind = models.CharField(max_length=12, choices=choices_of(MatchKind))
    customer_code = models.CharField(max_length=50, blank=True)
    contact_id = models.UUIDField(null=True)
    contact_name = models.CharField(max_length=500, blank=True)
    # The contact's name as it was known before.
    was = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "sync", "kind", "id"], name="contact_sync_row_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_code} {self.contact_name}"

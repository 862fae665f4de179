from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class NumberCheck(TenantModel):
    """What an organisation in Xero holds of the numbers of one series of ours; one row for each pair of them."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="number_checks")
    series = models.ForeignKey("invoices.NumberSeries", models.CASCADE, db_constraint=False, related_name="checks")
    # Of the series when it was asked about: with another one the answer says nothing any more.
    prefix = models.CharField(max_length=20)
    # Empty: by itself, after connecting or a change.
    asked_by = models.CharField(max_length=254, blank=True)
    asked_at = models.DateTimeField()
    is_under_way = models.BooleanField(default=True)
    # How many documents the reading that is under way has looked at.
    seen_count = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    # When Xero had been read to its end; what follows stands until it is read again.
    known_at = models.DateTimeField(null=True)
    prefixed_count = models.PositiveIntegerField(default=0)
    # The numbers there as runs: [[how many figures, first, last], …]; `invoices/domain/held_numbers.py` reads them.
    held = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "series"], name="number_check_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} at connection {self.connection_id}"

from django.db import models
from django.db.models import F

from freightbridge.tenancy.models import TenantModel
from freightbridge.tenancy.tenant_manager import DirectoryManager
from integrations.models.xero_connection import XeroConnection


class OrganisationLane(TenantModel):
    """
    The one row through which all calls to an organisation go: order, limits, fairness.

    Its holder has the lease; every write of delivery names `fence`, so one that lost the lease changes nothing.
    """

    connection = models.OneToOneField(XeroConnection, models.CASCADE, db_constraint=False, related_name="lane")
    # When there is something to do; null: nothing.
    next_at = models.DateTimeField(null=True)
    # When there is something to do that a person waits for; null: nothing.
    click_at = models.DateTimeField(null=True)
    # Rises whenever somebody leaves work: a holder that saw an older count does not put the lane to sleep.
    wake_count = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)
    last_served_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    # Consecutive failures of Xero itself; the waiting time grows with them.
    outage_count = models.PositiveSmallIntegerField(default=0)
    # `lanes/call_budget.py` says what these mean.
    minute_started_at = models.DateTimeField()
    minute_left = models.IntegerField(default=60)
    day_started_at = models.DateTimeField()
    day_left = models.IntegerField(default=1000)
    day_limit = models.IntegerField(default=1000)
    heard_at = models.DateTimeField(null=True)
    # `lanes/fair_shares.py`: the calls of each share in the round that is going on.
    spent_interactive = models.PositiveIntegerField(default=0)
    spent_bulk = models.PositiveIntegerField(default=0)
    spent_poll = models.PositiveIntegerField(default=0)
    # When a reading found the lane busy: it is waited for, for a while.
    poll_asked_at = models.DateTimeField(null=True)

    directory = DirectoryManager()

    is_directory = True

    class Meta:
        indexes = [models.Index(F("last_served_at").asc(nulls_first=True), F("next_at"), name="lane_least_recent")]

    def __str__(self) -> str:
        return f"lane of connection {self.connection_id}"

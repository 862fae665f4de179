from django.db import models
from django.db.models import F, Q

from freightbridge.tenancy.models import TenantModel
from integrations.models.sync_job import SyncJob
from integrations.models.xero_connection import XeroConnection


class SyncAttempt(TenantModel):
    """
    One call to Xero that writes. The intent is committed before the first byte leaves, with the very bytes;
    the outcome is written once, after. In between, and after a crash, the truth is: unknown.
    """

    connection = models.ForeignKey(XeroConnection, models.PROTECT, db_constraint=False, related_name="attempts")
    step = models.CharField(max_length=10)
    generation = models.PositiveSmallIntegerField()
    fence = models.PositiveBigIntegerField()
    method = models.CharField(max_length=4)
    path = models.CharField(max_length=500)
    idempotency_key = models.CharField(max_length=128)
    # Empty for an attachment: its bytes are the stored file's.
    body = models.BinaryField(default=b"")
    body_sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_tick = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=500, blank=True)
    # Xero's own id of the answer, for its support.
    xero_correlation_id = models.CharField(max_length=100, blank=True)
    correlation_id = models.CharField(max_length=40, blank=True)
    # When body and answer were removed, ninety days old; the database lets nobody do it before.
    raw_removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | Q(http_status__isnull=True), name="sync_attempt_outcome_when"
            )
        ]
        indexes = [
            models.Index(F("tenant"), F("sent_at").desc(), F("id").desc(), name="sync_attempt_newest"),
            models.Index(fields=["tenant", "xero_correlation_id"], name="sync_attempt_correlation"),
            # Nearly all are accepted: those are found among the newest.
            models.Index(
                F("tenant"),
                F("http_status"),
                condition=Q(http_status__isnull=True) | Q(http_status__gte=300),
                name="sync_attempt_not_accepted",
            ),
            models.Index(fields=["tenant", "sent_at"], condition=Q(raw_removed_at=None), name="sync_attempt_in_full"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} at {self.sent_at:%H:%M:%S}"


class AttemptMember(TenantModel):
    """A job in an attempt, and its place in the list that was sent."""

    attempt = models.ForeignKey(SyncAttempt, models.PROTECT, db_constraint=False, related_name="members")
    job = models.ForeignKey(SyncJob, models.PROTECT, db_constraint=False, related_name="memberships")
    position = models.PositiveSmallIntegerField()
    # What was learnt of this member: applied, rejected, not applied, unknown. Empty until then.
    verdict = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "attempt", "job"], name="attempt_member_once")]

    def __str__(self) -> str:
        return f"{self.job_id} in attempt {self.attempt_id}"

from django.db import models
from django.db.models import F, Q

from freightbridge.tenancy.models import TenantModel
from freightbridge.tenancy.row_level_security import AppendOnly
from integrations.job_states import Direction, LogResult
from integrations.models.choices import choices_of
from integrations.models.sync_attempt import SyncAttempt
from integrations.models.sync_job import SyncJob
from integrations.models.xero_connection import XeroConnection
from integrations.models.xero_document import XeroDocument
from integrations.problem_catalogue.xero_texts import UNKNOWN


class AccountingLogEntry(TenantModel):
    """What happened with Xero, in words a person understands, never changed. An attempt may stand behind it."""

    at = models.DateTimeField()
    connection = models.ForeignKey(
        XeroConnection, models.PROTECT, null=True, db_constraint=False, related_name="log_entries"
    )
    document = models.ForeignKey(
        XeroDocument, models.PROTECT, null=True, db_constraint=False, related_name="log_entries"
    )
    job = models.ForeignKey(SyncJob, models.PROTECT, null=True, db_constraint=False, related_name="log_entries")
    attempt = models.ForeignKey(SyncAttempt, models.PROTECT, null=True, db_constraint=False, related_name="log_entries")
    result = models.CharField(max_length=10, choices=choices_of(LogResult))
    direction = models.CharField(
        max_length=10, choices=choices_of(Direction), default=Direction.OUT, db_default=Direction.OUT.value
    )
    # What kind of thing: queued, created, attached, approved, rejected, payment, connection …
    event = models.CharField(max_length=30)
    # False: Xero was asked, or told us something, and nothing had changed. Lists leave these out.
    has_news = models.BooleanField(default=True, db_default=True)
    text = models.CharField(max_length=1000)
    problem_code = models.CharField(max_length=6, blank=True)
    details = models.JSONField(default=dict)
    actor = models.CharField(max_length=254, blank=True)
    # Quoted to support, in every log line too.
    correlation_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            AppendOnly(
                name="accounting_log_append_only",
                forgets="NOT OLD.has_news AND OLD.at <= clock_timestamp() - interval '90 days'",
            )
        ]
        indexes = [
            # What has no news is passed over in the index itself.
            models.Index(F("tenant"), F("at").desc(), F("id").desc(), F("has_news"), name="accounting_log_newest"),
            models.Index(F("tenant"), F("at"), condition=Q(has_news=False), name="accounting_log_quiet"),
            models.Index(F("tenant"), F("document"), F("id").desc(), name="accounting_log_document"),
            models.Index(F("tenant"), F("result"), F("at").desc(), F("id").desc(), name="accounting_log_by_result"),
            models.Index(F("tenant"), F("problem_code"), F("at").desc(), F("id").desc(), name="accounting_log_by_code"),
            models.Index(F("tenant"), F("actor"), F("at").desc(), F("id").desc(), name="accounting_log_by_actor"),
            # Few beside what goes out.
            models.Index(
                F("tenant"),
                F("direction"),
                F("at").desc(),
                F("id").desc(),
                condition=Q(direction__in=[Direction.WEBHOOK.value, Direction.POLL.value]),
                name="accounting_log_came_in",
            ),
            models.Index(
                F("tenant"), F("correlation_id"), F("at").desc(), F("id").desc(), name="accounting_log_correlation"
            ),
            # Refusals in words that the problem catalogue does not know, which support counts.
            models.Index(F("tenant"), F("at"), condition=Q(problem_code=UNKNOWN), name="accounting_log_unknown"),
        ]

    def __str__(self) -> str:
        return self.text

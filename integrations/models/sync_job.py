from django.db import models
from django.db.models import Q

from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import TenantModel
from integrations.job_states import JobState, Operation, Step
from integrations.models.choices import choices_of
from integrations.models.send_batch import SendBatch
from integrations.models.xero_connection import XeroConnection
from integrations.models.xero_document import XeroDocument


class Priority(models.IntegerChoices):
    INTERACTIVE = 0, "A person's click"
    BULK = 1, "Bulk"


class SyncJob(TenantModel):
    """A row of the outbox: one document, one operation. Written in the transaction that approves the invoice."""

    connection = models.ForeignKey(XeroConnection, models.PROTECT, db_constraint=False, related_name="jobs")
    document = models.ForeignKey(XeroDocument, models.PROTECT, db_constraint=False, related_name="jobs")
    invoice = models.ForeignKey(
        "invoices.Invoice", models.PROTECT, null=True, db_constraint=False, related_name="sync_jobs"
    )
    batch = models.ForeignKey(SendBatch, models.SET_NULL, null=True, db_constraint=False, related_name="jobs")
    operation = models.CharField(max_length=10, choices=choices_of(Operation))
    kind = models.CharField(max_length=20)
    revision = models.PositiveSmallIntegerField(default=1)
    export_version = models.PositiveSmallIntegerField(default=1)
    # The ExportableDocument and the document mapped from it, as JSON.
    source = models.JSONField()
    mapped = models.JSONField(null=True)
    # Of a quote: what stands in Xero and must be sent again with a change, or Xero empties it.
    standing = models.JSONField(null=True)
    # Of the mapping and sending rules that it was mapped by.
    rules_version = models.PositiveIntegerField(null=True)
    target_status = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=choices_of(JobState), default=JobState.QUEUED)
    step = models.CharField(max_length=10, choices=choices_of(Step), default=Step.CONTACT)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.BULK)
    next_at = models.DateTimeField()
    contact_id = models.UUIDField(null=True)
    xero_id = models.UUIDField(null=True)
    wants_pdf = models.BooleanField(default=True)
    # Whether the document in Xero has the PDF of this job.
    is_attached = models.BooleanField(default=False)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, db_constraint=False, related_name="+")
    # A new generation has a new key; it begins only when the one before is proven absent.
    generation = models.PositiveSmallIntegerField(default=1)
    first_sent_at = models.DateTimeField(null=True)
    first_sent_tick = models.PositiveBigIntegerField(null=True)
    unknown_since = models.DateTimeField(null=True)
    # Steps begun without progress since the last recovery point; counted before the work.
    started_count = models.PositiveSmallIntegerField(default=0)
    # After a call that was refused as a whole, so that one faulty document does not hold up forty-nine.
    goes_alone = models.BooleanField(default=False)
    retry_count = models.PositiveSmallIntegerField(default=0)
    problem_code = models.CharField(max_length=6, blank=True)
    # [{"code": "FB-301", "place": …, "words": {…}, "xero": "its own text"}]
    problems = models.JSONField(default=list)
    cancel_requested_at = models.DateTimeField(null=True)
    # A person paused its batch before anything of it was sent.
    paused_at = models.DateTimeField(null=True)
    # Done without a call, since a person said that Xero has it; this alone can be taken back.
    is_adopted = models.BooleanField(default=False)
    correlation_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "document", "operation", "revision", "export_version"], name="sync_job_once"
            ),
            models.CheckConstraint(
                condition=~Q(step__in=["attach", "promote", "void"]) | Q(xero_id__isnull=False),
                name="sync_job_step_has_id",
            ),
            models.CheckConstraint(
                condition=~Q(state="unknown") | Q(first_sent_at__isnull=False), name="sync_job_unknown_was_sent"
            ),
        ]
        indexes = [
            models.Index(
                fields=["connection", "priority", "step", "next_at", "id"],
                condition=Q(state__in=["queued", "sending", "unknown"]),
                name="sync_job_due",
            ),
            models.Index(
                fields=["tenant", "problem_code", "id"], condition=~Q(problem_code=""), name="sync_job_problem"
            ),
            models.Index(fields=["tenant", "batch", "state"], name="sync_job_batch"),
            models.Index(fields=["tenant", "correlation_id"], name="sync_job_correlation"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.kind} {self.document_id}"

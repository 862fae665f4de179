"""The fall-back to the API: a file in Xero's own import columns, made in the background and kept (F55, F56)."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import current_tenant_id, tenant_scope
from integrations.connection.active_connection import require_connection
from integrations.lanes.claim_lane import wake_lane
from integrations.mapping.map_import_rows import columns_of
from integrations.models import ExportFile, SyncJob
from integrations.models.export_file import ExportChoice, ExportKind
from integrations.models.sync_job import Priority
from integrations.outbox.keep_for_file import keep_for_file
from invoices.domain.drafting import draft_invoices
from invoices.intake.spreadsheet_text import safe_for_spreadsheet
from invoices.work_names import MAKE_EXPORT_FILE
from invoices.workflows.approve_invoices import approve_invoices
from invoices.workflows.assess_shipments import assess_shipments
from invoices.workflows.choose_exports import ChosenExports, ExportWanted, Rows, choose_exports, rows_of_jobs
from invoices.workflows.sending_context import SendingContext, sending_context

CONTENT_TYPE = "text/csv"
NOTHING = "Nothing was left to export when the file was made."


def ask_for_export_file(wanted: ExportWanted, *, form_token: UUID, by: str, now: datetime) -> ExportFile:
    """In the tenant's scope; a second click with the same token finds its file. Raises NotConnectedError."""
    connection = require_connection()
    # Two people who click in the same instant come one after the other, so that each gets a number of his own.
    Tenant.objects.select_for_update(no_key=True).get(pk=current_tenant_id())
    file, is_new = ExportFile.objects.get_or_create(
        form_token=form_token,
        defaults={
            "connection": connection,
            "number": (ExportFile.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
            "kind": wanted.kind,
            "choice": wanted.choice,
            "from_date": wanted.from_date,
            "to_date": wanted.to_date,
            "takes_ready": wanted.takes_ready,
            "asked_by": by,
            "asked_at": now,
        },
    )
    if is_new:
        enqueue_work(MAKE_EXPORT_FILE, [file.pk], now=now)
        record_event(
            action="export file asked for", subject=file, by=by, now=now, kind=file.kind, choice=file.choice,
            dates=f"{file.from_date or ''} to {file.to_date or ''}", invoices_ready_shipments=file.takes_ready,
        )  # fmt: skip
    return file


def make_export_file(work: Work) -> Again | None:
    """Background work; one transaction: what is in the file is kept from being sent, and the other way round."""
    with tenant_scope(work.tenant_id):
        file = ExportFile.objects.select_for_update().select_related("connection").get(pk=work.subject_id)
        if file.made_at is None:
            _make(file, tenant=Tenant.objects.get(pk=work.tenant_id), now=read_clock())
    return None


def making_file_gave_up(work: Work, reason: str) -> None:
    with tenant_scope(work.tenant_id):
        ExportFile.objects.filter(pk=work.subject_id).update(failure=reason, made_at=read_clock())


def csv_text(rows: Rows, *, is_purchase: bool) -> str:
    """No cell runs as a formula; figures stay as they are."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns_of(is_purchase=is_purchase))
    writer.writerows([safe_for_spreadsheet(cell) for cell in row] for row in rows)
    return text.getvalue()


def wanted_of(file: ExportFile) -> ExportWanted:
    return ExportWanted(
        kind=ExportKind(file.kind),
        choice=ExportChoice(file.choice),
        from_date=file.from_date,
        to_date=file.to_date,
        takes_ready=file.takes_ready,
    )


def _make(file: ExportFile, *, tenant: Tenant, now: datetime) -> None:
    # Nothing is begun by a worker meanwhile: what is chosen is still unsent when it is kept back.
    wake_lane(connection_id=file.connection_id, at=now)
    context = sending_context(tenant)
    chosen = choose_exports(wanted_of(file), context, now=now)
    jobs = [*chosen.jobs, *_invoiced(chosen, context, file=file, tenant=tenant, now=now)]
    keep_for_file(jobs, file=file, day=_day(now, tenant), now=now)
    file.made_at, file.document_count = now, len(jobs)
    file.failure = "" if jobs else NOTHING
    if jobs:
        content = csv_text(_rows(jobs, context), is_purchase=file.kind == ExportKind.BILLS)
        file.content = store_file(content.encode(), content_type=CONTENT_TYPE, now=now)
    file.save(update_fields=["made_at", "document_count", "failure", "content"])


def _invoiced(
    chosen: ChosenExports, context: SendingContext, *, file: ExportFile, tenant: Tenant, now: datetime
) -> list[SyncJob]:
    """What is ready becomes invoices with numbers, as it would by Send; but nothing is sent."""
    if not chosen.drafts:
        return []
    invoices = draft_invoices(chosen.drafts, today=context.today(now), now=now)
    jobs = approve_invoices(invoices, sender=context.sender(by=file.asked_by, priority=Priority.BULK), now=now)
    shipment_ids = sorted({one.shipment_id for draft in chosen.drafts for one in draft.shipments})
    assess_shipments(shipment_ids, tenant=tenant, now=now)
    ids = [job.pk for job in jobs if job.mapped is not None]
    return list(SyncJob.objects.filter(pk__in=ids).select_related("document").order_by("id"))


def _rows(jobs: Sequence[SyncJob], context: SendingContext) -> Rows:
    context.load_rules({job.source["party"]["code"] for job in jobs})
    return rows_of_jobs(jobs, rules=context.sender(by="", priority=Priority.BULK).rules)


def _day(now: datetime, tenant: Tenant) -> str:
    day = now.astimezone(tenant.zone)
    return f"{day.day} {day:%b %Y}"

"""What was exported by file is sent by the API all the same, by a person who says that it should be."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.active_connection import require_connection
from integrations.models import SendBatch, SyncJob
from integrations.outbox.keep_for_file import filed_jobs
from integrations.problem_catalogue import describe
from invoices.models import Invoice, InvoiceLine
from invoices.models.invoice import InvoiceStatus
from invoices.work_names import RENDER_PDF
from invoices.workflows.requeue_documents import requeue_documents


def send_anyway(
    invoices: Sequence[Invoice], *, reason: str, by: str, now: datetime, batch: SendBatch | None = None
) -> int:
    """Returns how many go on. In the tenant's scope. Raises NotConnectedError."""
    require_connection()
    jobs = (
        filed_jobs().filter(invoice__in=invoices, invoice__status=InvoiceStatus.APPROVED).select_related("connection")
    )
    filed = {job.invoice_id: job for job in jobs}
    if batch is not None:
        jobs.update(batch=batch)
    unrendered = [job.invoice_id for job in filed.values() if job.wants_pdf and job.pdf_id is None]
    for invoice in invoices:
        if invoice.pk in filed:
            record_event(
                action="sent although exported by file", subject=invoice, by=by, now=now, reason=reason,
                file=filed_words(filed[invoice.pk]),
            )  # fmt: skip
    count = requeue_documents(filed.values(), now=now, sends_filed=True)
    enqueue_work(RENDER_PDF, [pk for pk in unrendered if pk], now=now)
    return count


def filed_words(job: SyncJob) -> str:
    """`exported by file on 2 Mar 2026 as …`, for a sentence that asks whether to send it."""
    words = describe.from_json(job.problems[0]).named_words
    return f"exported by file on {words['date']} as {words['file']}"


def filed_invoices_of(shipment_ids: Collection[int]) -> dict[int, list[SyncJob]]:
    """By shipment: what of it waits because it was exported by file. Two queries."""
    lines = InvoiceLine.objects.filter(shipment__in=shipment_ids, invoice__xero_document__state="by file").order_by()
    pairs = set(lines.values_list("shipment_id", "invoice_id"))
    jobs = {job.invoice_id: job for job in _with_invoices(invoice_id for _, invoice_id in pairs)}
    found: dict[int, list[SyncJob]] = defaultdict(list)
    for shipment_id, invoice_id in sorted(pairs):
        if invoice_id in jobs:
            found[shipment_id].append(jobs[invoice_id])
    return found


def _with_invoices(invoice_ids: Iterable[int]) -> Iterable[SyncJob]:
    return filed_jobs().filter(invoice__in=set(invoice_ids)).select_related("invoice", "document")

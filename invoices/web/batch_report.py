"""What became of each shipment of a send, as a file."""

import csv
import io
from collections import defaultdict
from collections.abc import Sequence

from integrations.models import BatchMember, SendBatch, SyncJob
from integrations.models.send_batch import MemberOutcome
from integrations.problem_catalogue.describe import describe, from_json
from integrations.web.state_words import ACCOUNTING
from invoices.intake.spreadsheet_text import safe_for_spreadsheet
from invoices.models import InvoiceLine, Shipment

COLUMNS = [
    "Shipment", "Outcome", "Reason", "Document", "Kind", "Customer", "Currency", "Total", "State", "Xero status",
    "Xero id", "Sent at", "Support code",
]  # fmt: skip


def batch_report(batch: SendBatch) -> bytes:
    """
    CSV in UTF-8 with its mark; a row for each shipment and document of it. No cell runs as a formula. Three queries
    for any number, four while a worker has not come to all of them, in the tenant's scope.
    """
    members = batch.members.select_related("shipment").order_by("id")
    jobs = {job.invoice_id: job for job in batch.jobs.select_related("document").order_by("id")}
    lines = InvoiceLine.objects.filter(invoice__in=batch.jobs.values("invoice_id")).order_by()
    documents: dict[int | None, list[SyncJob]] = defaultdict(list)
    for shipment_id, invoice_id in sorted(lines.values_list("shipment_id", "invoice_id").distinct()):
        documents[shipment_id].append(jobs[invoice_id])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for member in members:
        for cells in _rows(member, documents[member.shipment_id]):
            writer.writerow([safe_for_spreadsheet(cell) for cell in cells])
    for shipment in Shipment.objects.filter(pk__in=batch.rest).order_by("id") if batch.rest else ():
        writer.writerow([safe_for_spreadsheet(cell) for cell in (str(shipment), MemberOutcome.WAITING.label, "")])
    return text.getvalue().encode("utf-8-sig")


def _rows(member: BatchMember, jobs: Sequence[SyncJob]) -> list[list[str]]:
    own = [str(member.shipment), member.get_outcome_display()]
    return [[*own, *_document(job)] for job in jobs] or [[*own, member.reason]]


def _document(job: SyncJob) -> list[str]:
    document, party = job.document, job.source["party"]
    return [
        " ".join(describe(from_json(problem)).text for problem in job.problems),
        document.number,
        document.kind,
        party["name"] or party["code"],
        document.currency,
        f"{document.total:.2f}",
        ACCOUNTING[document.state].label,
        document.xero_status,
        str(document.xero_id or ""),
        document.sent_at.isoformat(timespec="seconds") if document.sent_at else "",
        job.correlation_id,
    ]

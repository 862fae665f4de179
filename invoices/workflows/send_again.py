"""A person has mended something, or wants to try: what was stopped of these invoices goes on."""

from collections.abc import Sequence
from datetime import datetime

from freightbridge.audit.record_event import record_events
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.active_connection import require_connection
from integrations.models import SyncJob
from integrations.outbox.keep_for_file import filed_jobs
from integrations.outbox.requeue_job import STOPPED
from invoices.models import Invoice
from invoices.work_names import RENDER_PDF
from invoices.workflows.requeue_documents import requeue_documents
from invoices.workflows.send_anyway import filed_words


class ExportedByFileError(Exception):
    """It went into a file, so nothing is sent without a word from a person; the message asks for it."""


def send_again(invoices: Sequence[Invoice], *, by: str, now: datetime) -> int:
    """
    Returns how many go on. A PDF that could not be made is asked for again, for without one a document that is
    to carry it would wait for ever. In the tenant's scope. Raises NotConnectedError, ExportedByFileError.
    """
    require_connection()
    _refuse_filed(invoices)
    stopped = SyncJob.objects.filter(invoice__in=invoices, state__in=STOPPED).exclude(invoice__status="voided")
    jobs = list(stopped.select_related("connection"))
    unrendered = list(stopped.filter(wants_pdf=True, pdf=None).values_list("invoice", flat=True))
    count = requeue_documents(jobs, now=now)
    enqueue_work(RENDER_PDF, unrendered, now=now)
    record_events(((invoice, {}) for invoice in invoices), action="sent again", by=by, now=now)
    return count


def _refuse_filed(invoices: Sequence[Invoice]) -> None:
    filed = filed_jobs().filter(invoice__in=invoices).select_related("document").first()
    if filed is not None:
        raise ExportedByFileError(f"{filed.document.number} was {filed_words(filed)}: send anyway?")

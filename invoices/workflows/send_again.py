"""A person has mended something, or wants to try: what was stopped of these invoices goes on."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.active_connection import require_connection
from integrations.models import SyncJob
from integrations.outbox.requeue_job import STOPPED, requeue_jobs
from invoices.models import Invoice
from invoices.work_names import RENDER_PDF


def send_again(invoices: Sequence[Invoice], *, by: str, now: datetime) -> int:
    """
    Returns how many go on. A PDF that could not be made is asked for again, for without one a document that is
    to carry it would wait for ever. In the tenant's scope. Raises NotConnectedError.
    """
    connection = require_connection()
    stopped = SyncJob.objects.filter(invoice__in=invoices, state__in=STOPPED)
    job_ids = list(stopped.values_list("id", flat=True))
    unrendered = list(stopped.filter(wants_pdf=True, pdf=None).values_list("invoice", flat=True))
    count = requeue_jobs(job_ids, connection=connection, link_base=settings.PUBLIC_BASE_URL, now=now)
    enqueue_work(RENDER_PDF, unrendered, now=now)
    for invoice in invoices:
        record_event(action="sent again", subject=invoice, by=by, now=now)
    return count

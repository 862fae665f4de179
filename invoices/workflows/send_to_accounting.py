"""Send to Accounting: a person's click becomes a batch, and the click is answered at once."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.active_connection import require_connection
from integrations.models import SendBatch
from integrations.outbox.fill_batch import make_batch
from invoices.models import Shipment
from invoices.work_names import PREPARE_BATCH


def send_to_accounting(shipments: QuerySet[Shipment], *, form_token: uuid.UUID, by: str, now: datetime) -> SendBatch:
    """
    In the tenant's scope; a worker drafts, approves and queues what is in the batch. A second click with the
    same token finds the first one's batch. Raises NotConnectedError.
    """
    require_connection()
    batch, is_new = make_batch(shipments, form_token=form_token, by=by, now=now)
    if is_new:
        enqueue_work(PREPARE_BATCH, [batch.pk], now=now)
        record_event(action="send to accounting", subject=batch, by=by, now=now)
    return batch

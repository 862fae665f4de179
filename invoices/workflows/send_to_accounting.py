"""Send to Accounting: a click, a status reached or the schedule becomes a batch; the click is answered at once."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.active_connection import require_connection
from integrations.models import ConnectionSettings, SendBatch
from integrations.models.send_batch import BatchTrigger
from integrations.outbox.fill_batch import NOTHING_CONFIRMED, Confirmed, make_batch
from invoices.models import Shipment
from invoices.work_names import PREPARE_BATCH
from invoices.workflows.tell_of_send import watch_send


def send_to_accounting(
    shipments: QuerySet[Shipment],
    *,
    form_token: uuid.UUID,
    by: str,
    now: datetime,
    sides: str = "",
    trigger: BatchTrigger = BatchTrigger.PERSON,
    confirmed: Confirmed = NOTHING_CONFIRMED,
) -> SendBatch:
    """
    In the tenant's scope; a worker drafts, approves and queues what is in the batch. A second click with the
    same token finds the first one's batch. `sides`: what is sent, empty as the sending rules have it.

    Raises NotConnectedError.
    """
    rules = ConnectionSettings.objects.get(connection=require_connection())
    batch, is_new = make_batch(
        shipments,
        sides=sides or rules.sides,
        form_token=form_token,
        by=by,
        now=now,
        trigger=trigger,
        confirmed=confirmed,
    )
    if is_new:
        enqueue_work(PREPARE_BATCH, [batch.pk], now=now)
        watch_send(batch, now=now)
        record_event(
            action="send to accounting",
            subject=batch,
            by=by,
            now=now,
            sides=batch.get_sides_display(),
            sends_filed=confirmed.sends_filed,
        )
    return batch

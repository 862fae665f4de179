"""Puts a selection of shipments into a batch: one statement, however many they are."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet

from freightbridge.observability.correlation import correlation_id
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import current_tenant_id
from integrations.models import BatchMember, SendBatch
from integrations.models.send_batch import BatchTrigger

INSERT = """
    INSERT INTO {table} (tenant_id, public_id, batch_id, shipment_id, outcome, reason)
    SELECT %s, gen_random_uuid(), %s, selected.id, 'waiting', '' FROM ({selection}) selected ORDER BY selected.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What the person has said yes to: documents for demo companies, and those that were exported by file before."""

    allows_demo: bool = False
    sends_filed: bool = False


NOTHING_CONFIRMED = Confirmed()


def make_batch(
    shipments: QuerySet[Any],
    *,
    sides: str,
    form_token: uuid.UUID,
    by: str,
    now: datetime,
    trigger: BatchTrigger = BatchTrigger.PERSON,
    confirmed: Confirmed = NOTHING_CONFIRMED,
) -> tuple[SendBatch, bool]:
    """
    The batch of this form, and whether it is new: a second click finds the first one's. `shipments`: rows
    with an `id`, in the tenant's scope, as they are selected at this moment.
    """
    # Two people who click in the same instant come one after the other, so that each gets a number of his own.
    Tenant.objects.select_for_update(no_key=True).get(pk=current_tenant_id())
    batch, is_new = SendBatch.objects.get_or_create(
        form_token=form_token,
        defaults={
            "number": (SendBatch.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
            "sides": sides,
            "trigger": trigger,
            **asdict(confirmed),
            "started_by": by,
            "started_at": now,
            "correlation_id": correlation_id(),
        },
    )
    if is_new:
        _insert_members(batch, shipments)
    return batch, is_new


def _insert_members(batch: SendBatch, shipments: QuerySet[Any]) -> None:
    selection, parameters = shipments.order_by().values("id").query.sql_with_params()
    statement = INSERT.format(table=BatchMember._meta.db_table, selection=selection)
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_tenant_id(), batch.pk, *parameters])

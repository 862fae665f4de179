"""Puts a selection of shipments into a batch: the first ones with the click, the rest by a worker."""

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

# Members that a click puts in itself; each costs a row, its indexes and its keys.
AT_ONCE = 100
# One statement, so that both parts are of one and the same moment.
BEGIN = """
    WITH selected AS MATERIALIZED (
        SELECT array_agg(chosen.id ORDER BY chosen.id) AS ids FROM ({selection}) chosen
    ), first AS (
        INSERT INTO {members} (tenant_id, public_id, batch_id, shipment_id, outcome, reason)
        SELECT %s, gen_random_uuid(), %s, id, 'waiting', '' FROM selected, unnest(ids[:%s]) AS id ORDER BY id
    )
    UPDATE {batches} SET rest = to_jsonb(ids[%s:]) FROM selected WHERE id = %s AND cardinality(ids) > %s
"""
COMPLETE = """
    INSERT INTO {members} (tenant_id, public_id, batch_id, shipment_id, outcome, reason)
    SELECT %s, gen_random_uuid(), %s, id, 'waiting', '' FROM {shipments} WHERE id = ANY(%s) ORDER BY id
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
        _begin(batch, shipments)
    return batch, is_new


def complete_batch(batch: SendBatch) -> None:
    """Before its members are looked at: what the click left becomes members too. In the caller's transaction."""
    if not batch.rest:
        return
    rest = SendBatch.objects.select_for_update().values_list("rest", flat=True).get(pk=batch.pk)
    shipments = BatchMember.shipment.field.remote_field.model._meta.db_table
    with connection.cursor() as cursor:
        statement = COMPLETE.format(members=BatchMember._meta.db_table, shipments=shipments)
        cursor.execute(statement, [current_tenant_id(), batch.pk, rest])
    batch.rest = []
    batch.save(update_fields=["rest"])


def _begin(batch: SendBatch, shipments: QuerySet[Any]) -> None:
    selection, parameters = shipments.order_by().values("id").query.sql_with_params()
    statement = BEGIN.format(members=BatchMember._meta.db_table, batches=SendBatch._meta.db_table, selection=selection)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, current_tenant_id(), batch.pk, AT_ONCE, AT_ONCE + 1, batch.pk, AT_ONCE])
    # Read where somebody asks for it: a click does not, and there may be thousands.
    del batch.rest

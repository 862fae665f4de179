"""The mass change of status (F41): any number at once, a chunk in a transaction, and the way back."""

import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Max, QuerySet

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import current_tenant_id, tenant_scope
from freightbridge.update_rows import update_rows
from invoices.domain.why_status_stays import why_status_stays
from invoices.models import ReachedStatus, Shipment, StatusChange, StatusChangeMember
from invoices.models.shipment import ShipmentStatus
from invoices.models.status_change import ChangeOutcome
from invoices.work_names import CHANGE_STATUSES
from invoices.workflows.status_reached import status_reached

# Up to so many are changed while the person waits.
FEW = 100
CHUNK = 500
INSERT = """
    INSERT INTO {table} (tenant_id, public_id, change_id, shipment_id, before, outcome, reason)
    SELECT %s, gen_random_uuid(), %s, selected.id, selected.status, 'waiting', ''
    FROM ({selection}) selected ORDER BY selected.id
"""
Chunk = Callable[[StatusChange, Tenant, datetime], bool]


def start_change(
    shipments: QuerySet[Shipment], *, status: str, form_token: uuid.UUID, tenant: Tenant, by: str, now: datetime
) -> StatusChange:
    """A second click with the same token finds the first one's change. In the tenant's scope."""
    # Two people who click in the same instant come one after the other, so that each gets a number of his own.
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    change, is_new = StatusChange.objects.get_or_create(
        form_token=form_token,
        defaults={
            "number": (StatusChange.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
            "status": status,
            "asked_by": by,
            "asked_at": now,
        },
    )
    if is_new:
        _insert_members(change, shipments)
        _begin(change, tenant, now=now)
    return change


def start_undo(change: StatusChange, *, tenant: Tenant, by: str, now: datetime) -> None:
    """Once, and only when it is done. `change` is locked by the caller."""
    if change.done_at is None or change.undo_at is not None:
        return
    change.undo_by, change.undo_at = by, now
    change.save(update_fields=["undo_by", "undo_at"])
    _begin(change, tenant, now=now)


def change_statuses(work: Work) -> Again | None:
    """Background work on a change: forwards until it is done, then back if somebody took it back."""
    stop_at = time.monotonic() + STRETCH_SECONDS
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            change = StatusChange.objects.select_for_update().get(pk=work.subject_id)
            if not change.is_moving:
                return None
            _chunk_of(change)(change, Tenant.objects.get(pk=work.tenant_id), read_clock())
    return Again(at=read_clock())


def changing_gave_up(work: Work, reason: str) -> None:
    """What was changed stays changed; the page says where it stopped."""
    with tenant_scope(work.tenant_id):
        StatusChange.objects.filter(pk=work.subject_id).update(failure=reason)


def _begin(change: StatusChange, tenant: Tenant, *, now: datetime) -> None:
    if change.members.count() > FEW:
        enqueue_work(CHANGE_STATUSES, [change.pk], now=now)
        return
    while _chunk_of(change)(change, tenant, now):
        pass


def _chunk_of(change: StatusChange) -> Chunk:
    return _change_chunk if change.done_at is None else _undo_chunk


def _change_chunk(change: StatusChange, tenant: Tenant, now: datetime) -> bool:
    """False: it is done."""
    members = _locked(change, ChangeOutcome.WAITING)
    for member in members:
        shipment = member.shipment
        member.before = shipment.status
        member.reason = why_status_stays(
            current=shipment.status, wanted=change.status, accounting_state=shipment.accounting_state
        )
        member.outcome = ChangeOutcome.SKIPPED if member.reason else ChangeOutcome.CHANGED
        if not member.reason:
            shipment.status = change.status
    changed = [member for member in members if member.outcome == ChangeOutcome.CHANGED]
    _write(changed, members, by=change.asked_by, now=now)
    status_reached([member.shipment_id for member in changed], tenant=tenant, now=now)
    if len(members) < CHUNK:
        change.done_at = now
        change.save(update_fields=["done_at"])
        return False
    return True


def _undo_chunk(change: StatusChange, _tenant: Tenant, now: datetime) -> bool:
    """False: it is done. What was sent by itself meanwhile stays sent; what only waits for that does not go."""
    members = _locked(change, ChangeOutcome.CHANGED)
    for member in members:
        is_ours = member.shipment.status == change.status
        member.outcome = ChangeOutcome.UNDONE if is_ours else ChangeOutcome.KEPT
        member.reason = "" if is_ours else "Somebody gave it another status since."
        if is_ours:
            # It now has what it had, and `before` what it is taken back from, which the history tells.
            member.shipment.status, member.before = member.before, member.shipment.status
    undone = [member for member in members if member.outcome == ChangeOutcome.UNDONE]
    _write(undone, members, by=change.undo_by, now=now)
    ReachedStatus.objects.filter(shipment__in=[member.shipment_id for member in undone]).delete()
    if len(members) < CHUNK:
        change.undone_at = now
        change.save(update_fields=["undone_at"])
        return False
    return True


def _locked(change: StatusChange, outcome: ChangeOutcome) -> list[StatusChangeMember]:
    members = list(change.members.filter(outcome=outcome).order_by("id")[:CHUNK])
    shipments = Shipment.objects.select_for_update().order_by("id").in_bulk([one.shipment_id for one in members])
    for member in members:
        member.shipment = shipments[member.shipment_id]
    return members


def _write(
    moved: Sequence[StatusChangeMember], members: Sequence[StatusChangeMember], *, by: str, now: datetime
) -> None:
    for member in moved:
        shipment = member.shipment
        shipment.updated_at = now
        told = {"before": ShipmentStatus(member.before).label, "after": ShipmentStatus(shipment.status).label}
        record_event(action="status changed", subject=shipment, by=by, now=now, status=told)
    update_rows([member.shipment for member in moved], ["status", "updated_at"])
    update_rows(list(members), ["before", "outcome", "reason"])


def _insert_members(change: StatusChange, shipments: QuerySet[Shipment]) -> None:
    selection, parameters = shipments.order_by().values("id", "status").query.sql_with_params()
    statement = INSERT.format(table=StatusChangeMember._meta.db_table, selection=selection)
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_tenant_id(), change.pk, *parameters])

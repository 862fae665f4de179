"""Finds out whose the events are that came in, and leaves work for their companies."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Min

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import directory_scope, tenant_scope
from integrations.models import WebhookEvent, XeroConnection
from integrations.models.xero_connection import ConnectionStatus
from integrations.webhooks.process_events import PROCESS_EVENTS

# What comes within this time after the first is looked into together with it.
DEBOUNCE = timedelta(seconds=5)
MOST_ORGANISATIONS = 100


def route_events(_stop_at: float) -> bool:
    """Work of every poller, at each of its rounds. Returns whether there was anything to route."""
    unrouted = WebhookEvent.objects.filter(routed_at=None)
    waiting = list(unrouted.values_list("organisation_id", flat=True).distinct()[:MOST_ORGANISATIONS])
    if not waiting:
        return False
    with directory_scope():
        active = XeroConnection.directory.exclude(status=ConnectionStatus.DISCONNECTED)
        owners = {one.organisation_id: one for one in active.filter(organisation_id__in=waiting)}
    for organisation_id in waiting:
        if organisation_id in owners:
            _hand_over(owners[organisation_id])
        else:
            _forget(organisation_id)
    return True


def _hand_over(connection: XeroConnection) -> None:
    """
    The work is due some seconds after the oldest event that waits, whatever comes later: a storm puts nothing off.

    Of two workers here at once the second waits for the first, and then finds nothing to hand over.
    """
    with tenant_scope(connection.tenant_id):
        now, mine = read_clock(), WebhookEvent.objects.filter(organisation_id=connection.organisation_id)
        if mine.filter(routed_at=None).update(routed_at=now):
            XeroConnection.objects.filter(pk=connection.pk).update(webhook_seen_at=now)
            oldest = mine.filter(settled_at=None).aggregate(at=Min("received_at"))["at"]
            enqueue_work(PROCESS_EVENTS, [connection.pk], now=now, at=oldest + DEBOUNCE)


def _forget(organisation_id: UUID) -> None:
    """Nobody here is connected to it; whoever connects later reads everything anyway."""
    WebhookEvent.objects.filter(organisation_id=organisation_id, routed_at=None).delete()

"""Writes to the admins of a company that its connection is lost: each once for each loss."""

from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.utils.timezone import localtime

from freightbridge.access.models import User
from freightbridge.access.permissions import Permission
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.notices.people_who_may import people_who_may
from freightbridge.notices.send_mail import send_mail
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address
from integrations.job_states import OPEN_STATES
from integrations.models import SyncJob, XeroConnection
from integrations.models.xero_connection import ConnectionStatus

log = structlog.get_logger(__name__)


def tell_of_loss(work: Work) -> Again | None:
    """
    Background work on a connection: one mail a claim, so that a mail server which refuses one brings nobody the
    same mail twice. The cursor is the last person who was told.
    """
    tenant = Tenant.objects.get(pk=work.tenant_id)
    with tenant_scope(tenant):
        connection = XeroConnection.objects.get(pk=work.subject_id)
        if connection.status != ConnectionStatus.NEEDS_RECONNECT:
            return None
        people = sorted(people_who_may(Permission.MANAGE_CONNECTION), key=_id_of)
        context, now = _context(connection, tenant), read_clock()
    left = [person for person in people if person.pk > work.cursor]
    if not left:
        return None
    send_mail(left[0].email, template="connection_lost", context=context, key=f"{connection.lost_at}")
    return Again(at=now, cursor=left[0].pk)


def telling_gave_up(work: Work, reason: str) -> None:
    """The banner is on every page all the same."""
    log.error("admins not told of a lost connection", connection=work.subject_id, told_up_to=work.cursor, reason=reason)


def _id_of(person: User) -> int:
    return person.pk


def _context(connection: XeroConnection, tenant: Tenant) -> dict[str, Any]:
    zone = ZoneInfo(tenant.time_zone)
    return {
        "organisation": connection.name,
        "tenant": tenant.name,
        "reason": connection.lost_reason,
        "lost_at": localtime(connection.lost_at, zone) if connection.lost_at else None,
        "zone": tenant.time_zone,
        "waiting": SyncJob.objects.filter(connection=connection, state__in=OPEN_STATES).count(),
        "address": f"{settings.PUBLIC_BASE_URL}{page_address(tenant, 'xero_connection')}",
    }

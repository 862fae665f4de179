"""Tells people that a connection is lost: under the bell, and the admins by mail; each once for each loss."""

from typing import Any

import structlog
from django.utils.timezone import localtime

from freightbridge.access.permissions import Permission
from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.notices.leave_mail import absolute, leave_mail
from freightbridge.notices.leave_notice import leave_notice
from freightbridge.notices.mail_kinds import MailKind
from freightbridge.notices.models import Tone
from freightbridge.notices.people_who_may import members_who_may
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address
from integrations.job_states import OPEN_STATES
from integrations.models import SyncJob, XeroConnection
from integrations.models.xero_connection import ConnectionStatus

log = structlog.get_logger(__name__)


def tell_of_loss(work: Work) -> None:
    """Background work on a connection. One that was mended meanwhile is not told of."""
    tenant = Tenant.objects.get(pk=work.tenant_id)
    with tenant_scope(tenant):
        connection, now = XeroConnection.objects.get(pk=work.subject_id), read_clock()
        if connection.status != ConnectionStatus.NEEDS_RECONNECT:
            return
        key = f"connection {connection.pk} lost {connection.lost_at}"
        leave_notice(
            members_who_may(Permission.SEND_TO_ACCOUNTING),
            f"The connection to {connection.name} is lost. What is queued waits.",
            key=key,
            now=now,
            address=page_address(tenant, "xero_connection"),
            tone=Tone.TROUBLE,
        )
        leave_mail(
            MailKind.CONNECTION_LOST,
            members_who_may(Permission.MANAGE_CONNECTION),
            template="connection_lost",
            context=_context(connection, tenant),
            key=key,
            tenant=tenant,
            now=now,
        )


def telling_gave_up(work: Work, reason: str) -> None:
    """The banner is on every page all the same."""
    log.error("people not told of a lost connection", connection=work.subject_id, reason=reason)


def _context(connection: XeroConnection, tenant: Tenant) -> dict[str, Any]:
    return {
        "organisation": connection.name,
        "reason": connection.lost_reason,
        "lost_at": localtime(connection.lost_at, tenant.zone) if connection.lost_at else None,
        "waiting": SyncJob.objects.filter(connection=connection, state__in=OPEN_STATES).count(),
        "address": absolute(page_address(tenant, "xero_connection")),
    }

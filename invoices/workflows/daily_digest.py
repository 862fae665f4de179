"""Each morning: one mail to those who may mend things, with what needs attention, by cause; none where nothing does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.utils.timezone import localtime

from freightbridge.access.permissions import Permission
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.notices.forget_old import forget_old
from freightbridge.notices.leave_mail import absolute, leave_mail
from freightbridge.notices.mail_kinds import MailKind
from freightbridge.notices.next_morning import next_morning
from freightbridge.notices.people_who_may import members_who_may
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address
from integrations.accounting_log.forget_old_calls import FORGET_OLD_CALLS
from integrations.connection.connection_work import DAILY_DIGEST
from invoices.models import CauseCare
from invoices.workflows.care_for_cause import cares_of, title_of
from invoices.workflows.find_causes import Cause, find_causes

MOST_SHOWN = 20
log = structlog.get_logger(__name__)


def daily_digest(work: Work) -> Again:
    """
    Background work on a tenant. The mails of a day bear its date: whoever does the work once more, after a crash or
    by a nudge too many, writes none a second time.
    """
    tenant = Tenant.objects.get(pk=work.tenant_id)
    with tenant_scope(tenant):
        now = read_clock()
        leave_digest(tenant, now=now)
        forget_old(now=now)
        enqueue_work(FORGET_OLD_CALLS, [tenant.pk], now=now)
    return Again(at=next_morning(now, tenant.zone))


def digest_gave_up(work: Work, reason: str) -> None:
    """A fault of ours; tomorrow is another day."""
    log.error("no daily digest", tenant=work.tenant_id, reason=reason)
    tenant = Tenant.objects.get(pk=work.tenant_id)
    with tenant_scope(tenant):
        now = read_clock()
        enqueue_work(DAILY_DIGEST, [work.subject_id], now=now, at=next_morning(now, tenant.zone))


def leave_digest(tenant: Tenant, *, now: datetime) -> None:
    """Causes that are put off are left out until their day. In the tenant's scope."""
    today = now.astimezone(tenant.zone).date()
    causes = find_causes()
    cares = cares_of(cause.key.public_id for cause in causes)
    shown = [cause for cause in causes if not _is_put_off(cares.get(cause.key.public_id), today)]
    if not shown:
        return
    leave_mail(
        MailKind.DAILY_DIGEST,
        members_who_may(Permission.SEND_TO_ACCOUNTING),
        template="daily_digest",
        context=_context(shown, cares, tenant),
        key=f"digest {today.isoformat()}",
        tenant=tenant,
        now=now,
    )


def _is_put_off(care: CauseCare | None, today: Any) -> bool:
    return bool(care and care.snoozed_until_date and care.snoozed_until_date > today)


def _context(causes: list[Cause], cares: Mapping[UUID, CauseCare], tenant: Tenant) -> dict[str, Any]:
    return {
        "count": len(causes),
        "left_out": max(0, len(causes) - MOST_SHOWN),
        "causes": [_row(cause, cares.get(cause.key.public_id), tenant) for cause in causes[:MOST_SHOWN]],
        "address": absolute(page_address(tenant, "attention")),
    }


def _row(cause: Cause, care: CauseCare | None, tenant: Tenant) -> dict[str, Any]:
    noun, member = "shipment" if cause.shipments else "document", care.assigned_to if care else None
    return {
        "title": title_of(cause),
        "counted": f"{cause.count:,} {noun}{'' if cause.count == 1 else 's'}",
        "amounts": [f"{currency} {amount:,.2f}" for currency, amount in cause.amounts],
        "since": localtime(cause.since, tenant.zone),
        "who": (member.user.name or member.user.email) if member else "",
        "address": absolute(page_address(tenant, "attention_cause", cause.key.public_id)),
    }

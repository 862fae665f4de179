"""Tells those who may mend it that an endpoint was switched off: under the bell and by mail."""

from datetime import datetime
from urllib.parse import urlsplit

from django.utils.timezone import localtime

from freightbridge.access.permissions import Permission
from freightbridge.notices.leave_mail import absolute, leave_mail
from freightbridge.notices.leave_notice import leave_notice
from freightbridge.notices.mail_kinds import MailKind
from freightbridge.notices.models import Tone
from freightbridge.notices.people_who_may import members_who_may
from freightbridge.outbound_events.models import DeliveryState, EventEndpoint
from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address

TOOK_NOTHING = "It took no event for a day."
OUR_FAULT = "It was switched off after a mistake of ours: switch it on again."


def tell_of_switching_off(endpoint: EventEndpoint, why: str, *, now: datetime) -> None:
    """
    In the transaction in which it is switched off. Only the host is named: people put secrets into the rest of such
    an address.
    """
    tenant = Tenant.objects.get(pk=endpoint.tenant_id)
    members, host = members_who_may(Permission.MANAGE_API_KEYS), urlsplit(endpoint.url).hostname or ""
    address, key = page_address(tenant, "event_endpoint", endpoint.public_id), f"endpoint {endpoint.pk} off {now}"
    text = f"Events for {host} are switched off. {why}"
    leave_notice(members, text, key=key, now=now, address=address, tone=Tone.TROUBLE)
    leave_mail(
        MailKind.EVENTS_OFF,
        members,
        template="events_off",
        context={
            "host": host,
            "why": why,
            "off_at": localtime(now, tenant.zone),
            "waiting": endpoint.deliveries.filter(state=DeliveryState.WAITING).count(),
            "address": absolute(address),
        },
        key=key,
        tenant=tenant,
        now=now,
    )

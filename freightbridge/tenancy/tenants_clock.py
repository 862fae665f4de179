"""A moment as the log tells it, whose sentences are read by the people of one company."""

from datetime import datetime

from freightbridge.tenancy.models import Tenant


def tell_moment(moment: datetime, tenant: Tenant) -> str:
    """By the tenant's clock, which is named: `23 Nov 2026 14:05:30 AEDT`."""
    return f"{moment.astimezone(tenant.zone):%d %b %Y %H:%M:%S %Z}"

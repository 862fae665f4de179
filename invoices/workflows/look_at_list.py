"""Since when shipments are new to somebody who looks at the list (F20)."""

from datetime import datetime, timedelta

from freightbridge.access.models import Membership
from invoices.models import ListVisit

# Whoever comes back sooner still looks: what he saw as new a minute ago stays new until he has been away.
AWAY = timedelta(minutes=30)
# Pages that refresh themselves need not write each time.
NOTED_EVERY = timedelta(minutes=1)


def look_at_list(member: Membership, *, now: datetime) -> datetime:
    """When the member looked before this visit; the first time, and for a visiting supporter, now. In its scope."""
    if member.is_visit:
        return now
    visit, is_first = ListVisit.objects.get_or_create(
        member=member, defaults={"looked_at": now, "looked_before_at": now}
    )
    if not is_first and now - visit.looked_at >= NOTED_EVERY:
        if now - visit.looked_at >= AWAY:
            visit.looked_before_at = visit.looked_at
        visit.looked_at = now
        visit.save(update_fields=["looked_at", "looked_before_at"])
    return visit.looked_before_at

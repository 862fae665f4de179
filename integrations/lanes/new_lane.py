from dataclasses import asdict
from datetime import datetime

from integrations.lanes.call_budget import new_budget
from integrations.models import OrganisationLane, XeroConnection


def make_lane(connection: XeroConnection, *, now: datetime) -> OrganisationLane:
    """The connection's lane; one that stands already forgets its pauses, since its connection is new again."""
    lane, _ = OrganisationLane.objects.get_or_create(connection=connection, defaults=asdict(new_budget(now)))
    OrganisationLane.objects.filter(pk=lane.pk).update(paused_until=None, pause_reason="", outage_count=0)
    return lane

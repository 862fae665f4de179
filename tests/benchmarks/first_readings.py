"""What is read from Xero once, after connecting: whoever measures sending waits until it is through."""

from datetime import timedelta

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock

# What is read again and again comes later than this.
SOON = timedelta(minutes=1)


def are_first_readings_done() -> bool:
    """Of the connections of the tenant whose scope this is; some begin only when others are through."""
    reads = WorkItem.objects.filter(queue=Queue.POLL, gave_up_at=None, next_at__lt=read_clock() + SOON)
    return not reads.exists()

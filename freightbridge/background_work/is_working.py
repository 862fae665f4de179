from datetime import datetime

from freightbridge.background_work.models import WorkItem


def is_working(kind: str, subject_id: int, *, now: datetime) -> bool:
    """True while somebody is at it, or it is about to be done; not for what is only due at its next regular time."""
    return WorkItem.objects.filter(kind=kind, subject_id=subject_id, gave_up_at=None, next_at__lte=now).exists()

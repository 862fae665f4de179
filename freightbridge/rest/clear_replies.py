"""Replies are kept for thirty days; a worker clears older ones away, once a day where there are any."""

from datetime import timedelta

import structlog

from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.rest.models import KeptReply
from freightbridge.tenancy.scope import tenant_scope

CLEAR_REPLIES = "clear kept replies"
KEPT_FOR = timedelta(days=30)
CLEAR_EVERY = timedelta(days=1)
log = structlog.get_logger(__name__)


def clear_replies(work: Work) -> Again | None:
    """Background work on a tenant."""
    with tenant_scope(work.tenant_id):
        now = read_clock()
        KeptReply.objects.filter(replied_at__lt=now - KEPT_FOR).delete()
        return Again(at=now + CLEAR_EVERY) if KeptReply.objects.exists() else None


def clearing_gave_up(work: Work, reason: str) -> None:
    """Nothing is wrong but the room that they take; the next reply asks again."""
    log.error("kept replies not cleared", for_tenant=work.tenant_id, reason=reason)

"""Refreshes a grant that nobody has needed for a week, and one whose refresh did not come to its end."""

import structlog

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.access_tokens import access_token_of
from integrations.connection.connection_work import KEEP_GRANT_ALIVE
from integrations.connection.refresh_grant import GrantLostError, NoTokenYetError
from integrations.connection.token_times import TokenTimes
from integrations.models import XeroGrant

log = structlog.get_logger(__name__)


def keep_grant_alive(work: Work) -> Again | None:
    """Background work on a grant. Nothing to do once it is lost or was given back."""
    try:
        access_token_of(tenant_id=work.tenant_id, grant_id=work.subject_id)
    except NoTokenYetError as error:
        return Again(at=error.retry_at)
    except (GrantLostError, XeroGrant.DoesNotExist):
        return None
    with tenant_scope(work.tenant_id):
        grant = XeroGrant.objects.filter(pk=work.subject_id).first()
    if grant is None:
        return None
    # A failure while the old token is still good: the next try comes when it was put down for.
    planned_at = current_times(TokenTimes).keep_alive_at(grant.refreshed_at, seed=grant.pk)
    return Again(at=grant.refresh_lease_until or planned_at)


def keeping_alive_gave_up(work: Work, reason: str) -> None:
    """A fault of ours, which must not end a consent: it is begun anew, and logged each time."""
    log.error("grant not kept alive", grant=work.subject_id, reason=reason)
    with tenant_scope(work.tenant_id):
        now = read_clock()
        enqueue_work(KEEP_GRANT_ALIVE, [work.subject_id], now=now, at=now + current_times(TokenTimes).slow_retry)

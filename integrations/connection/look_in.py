"""Once a day: does the organisation still know us? Who is disconnected in Xero is not told of it."""

from freightbridge.background_work.enqueue_work import enqueue_work, has_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.access_tokens import access_token_of, distrust_access_token
from integrations.connection.connection_work import COMPARE_LEDGERS, LOOK_IN
from integrations.connection.keep_digest_coming import keep_digest_coming
from integrations.connection.refresh_grant import GrantLostError, NoTokenYetError
from integrations.connection.token_times import TokenTimes
from integrations.connection.xero_hosts import identity_api
from integrations.lanes.lose_connection import lose_connection
from integrations.models import XeroConnection, XeroGrant
from integrations.xero_gateway.identity_api import GrantRefusedError, IdentityUnavailableError

DISCONNECTED_THERE = "somebody has disconnected FreightBridge in Xero"


def look_in(work: Work) -> Again | None:
    """
    Background work on a connection: one call that counts against no organisation's limits. Nothing to do while it
    is not connected.
    """
    with tenant_scope(work.tenant_id):
        connection = XeroConnection.objects.get(pk=work.subject_id)
    if not connection.is_usable or connection.grant_id is None:
        return None
    try:
        token = access_token_of(tenant_id=work.tenant_id, grant_id=connection.grant_id)
        known = {one.organisation_id for one in identity_api().connections(token)}
    except NoTokenYetError as error:
        return Again(at=error.retry_at)
    except IdentityUnavailableError:
        return Again(at=read_clock() + current_times(TokenTimes).slow_retry)
    except GrantRefusedError:
        # The token endpoint alone says for certain that a grant has ended.
        distrust_access_token(tenant_id=work.tenant_id, grant_id=connection.grant_id)
        return Again(at=read_clock() + current_times(TokenTimes).later_retry)
    except (GrantLostError, XeroGrant.DoesNotExist):
        return None
    return _heed(connection, is_known=str(connection.organisation_id) in known)


def looking_in_gave_up(work: Work, reason: str) -> None:
    """A fault of ours; tomorrow is another day."""
    del reason
    with tenant_scope(work.tenant_id):
        now = read_clock()
        first_at = current_times(TokenTimes).look_in_at(now, seed=work.subject_id)
        enqueue_work(LOOK_IN, [work.subject_id], now=now, at=first_at)


def _heed(connection: XeroConnection, *, is_known: bool) -> Again | None:
    with tenant_scope(connection.tenant_id):
        now = read_clock()
        # A new consent may have come while we asked: its grant is another, or has another connection.
        still = XeroConnection.objects.filter(pk=connection.pk, connected_at=connection.connected_at)
        if is_known:
            still.update(last_good_call_at=now)
            keep_digest_coming(connection.tenant, now=now)
            if not has_work(COMPARE_LEDGERS, connection.pk):
                enqueue_work(COMPARE_LEDGERS, [connection.pk], now=now)
        elif still.exists():
            lose_connection(connection.pk, reason=DISCONNECTED_THERE, now=now)
            return None
        return Again(at=current_times(TokenTimes).look_in_at(now, seed=connection.pk))

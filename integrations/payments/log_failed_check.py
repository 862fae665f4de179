"""A check of payments that Xero did not let through stands in the log, so that one sees why payments are old."""

from datetime import UTC, timedelta

from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.connection.read_from_xero import ReadFailedError
from integrations.job_states import Direction, LogResult
from integrations.models import AccountingLogEntry, OrganisationLane, XeroConnection

EVENT = "check failed"
# An outage of a day would otherwise say the same thousands of times.
SAID_FOR = timedelta(hours=1)


def log_failed_check(failure: ReadFailedError, *, tenant_id: int, connection_id: int) -> None:
    """
    After the turn, in a transaction of its own. The same cause is said once an hour; nothing is said where the
    failure has ended the connection, of which the log tells already.
    """
    with tenant_scope(tenant_id):
        connection, now, cause = XeroConnection.objects.get(pk=connection_id), read_clock(), str(failure)
        said = AccountingLogEntry.objects.filter(
            connection=connection_id, direction=Direction.POLL, event=EVENT, at__gt=now - SAID_FOR, details__cause=cause
        )
        if not connection.is_usable or said.exists():
            return
        calls = [call.as_json() for call in failure.calls]
        text = f"Payments were not checked: {cause}. {_next_try(failure, connection_id)}"
        entry = connection_entry(
            connection,
            result=LogResult.WAITING,
            event=EVENT,
            text=text,
            now=now,
            actor="Xero",
            cause=cause,
            calls=calls,
        )
        entry.direction = Direction.POLL
        write_entries([entry])


def _next_try(failure: ReadFailedError, connection_id: int) -> str:
    """The failure may have paused the lane for longer than the reading would have waited."""
    paused_until = OrganisationLane.objects.values_list("paused_until", flat=True).get(connection=connection_id)
    at = max(filter(None, (failure.retry_at, paused_until)))
    return f"It is tried again at {at.astimezone(UTC):%d %b %Y %H:%M:%S} UTC."

"""A connection that Xero does not accept any more: its lane stops, what is queued stays, and people are told."""

from datetime import datetime

from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.job_states import LogResult
from integrations.models import XeroConnection
from integrations.models.xero_connection import ConnectionStatus

# The kind of work that writes to the admins; it is done once for each loss.
TELL_OF_LOSS = "tell of a lost connection"


def lose_connection(connection_id: int, *, reason: str, now: datetime) -> None:
    """
    In the tenant's scope; only the first who finds out changes anything. `reason` stands in the log, on the
    page and in the mail.
    """
    connected = XeroConnection.objects.filter(pk=connection_id, status=ConnectionStatus.CONNECTED)
    if not connected.update(status=ConnectionStatus.NEEDS_RECONNECT, lost_at=now, lost_reason=reason[:200]):
        return
    connection = XeroConnection.objects.get(pk=connection_id)
    text = f"The connection to {connection.name} is lost: {reason}. What is queued waits until it is reconnected."
    entry = connection_entry(connection, result=LogResult.FAILED, event="connection lost", text=text, now=now)
    entry.problem_code = "FB-102"
    write_entries([entry])
    enqueue_work(TELL_OF_LOSS, [connection_id], now=now)

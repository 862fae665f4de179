"""What failed in the background stands in the log, so that one sees why nothing is new, and whose fault it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from integrations.accounting_log.asked_call import AskedCall
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.job_states import Direction, LogResult
from integrations.models import AccountingLogEntry, XeroConnection

# An outage of a day would otherwise say the same thousands of times.
SAID_FOR = timedelta(hours=1)
# Of more documents only their organisation's log tells.
MOST_DOCUMENTS = 20
XEROS = "The fault is Xero's, or lies on the way to it, and there is nothing for you to do."


def write_failure(
    connection: XeroConnection,
    *,
    event: str,
    direction: Direction,
    cause: str,
    text: str,
    now: datetime,
    calls: Sequence[AskedCall] = (),
    documents: Sequence[int] = (),
) -> None:
    """
    In the tenant's scope. The same cause is said once an hour, on each of `documents`, by id, where they are few;
    nothing is said of a connection that is lost, of which the log tells already.
    """
    if not connection.is_usable:
        return
    said = AccountingLogEntry.objects.filter(
        connection=connection, direction=direction, event=event, at__gt=now - SAID_FOR, details__cause=cause
    )
    told = set(said.values_list("document", flat=True))
    about = documents if 0 < len(documents) <= MOST_DOCUMENTS else [None]
    entries = []
    for document_id in about:
        if document_id in told:
            continue
        entry = connection_entry(
            connection,
            result=LogResult.WAITING,
            event=event,
            text=text,
            now=now,
            actor="Xero",
            cause=cause,
            calls=[call.as_json() for call in calls],
        )
        entry.direction, entry.document_id = direction, document_id
        entries.append(entry)
    write_entries(entries)

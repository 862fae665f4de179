"""Begins the link to an organisation anew, without consent: for whoever does not trust what it shows (F62)."""

from datetime import datetime

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.connection.connection_work import CHECK_PAYMENTS, COMPARE_LEDGERS, LOOK_IN, REFRESH_REFERENCE_DATA
from integrations.job_states import LogResult
from integrations.models import XeroConnection, XeroGrant

ASKED_ANEW = (LOOK_IN, REFRESH_REFERENCE_DATA, CHECK_PAYMENTS, COMPARE_LEDGERS)
TEXT = "The link was reset: a new access token is fetched, and everything known of the organisation is read again."


def reset_link(connection: XeroConnection, *, by: str, now: datetime) -> None:
    """
    In the tenant's scope, of one that is connected. Documents and their ids in Xero stay, so that nothing is sent
    twice; limits that Xero has set are kept to.
    """
    XeroGrant.objects.filter(connections=connection, revoked_at=None).update(expires_at=now)
    XeroConnection.objects.filter(pk=connection.pk).update(reference_data_error="")
    for kind in ASKED_ANEW:
        enqueue_work(kind, [connection.pk], now=now)
    entry = connection_entry(connection, result=LogResult.INFO, event="link reset", text=TEXT, now=now, actor=by)
    write_entries([entry])
    record_event(action="xero link reset", subject=connection, by=by, now=now)

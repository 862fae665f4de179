"""Of what is written into the accounting log, tells other systems what they asked to hear of."""

from collections.abc import Sequence
from typing import Any

from freightbridge.outbound_events.announce import Happening, announce, listening
from freightbridge.outbound_events.event_kinds import EventKind
from integrations.job_states import JobState, MoneyState, Operation
from integrations.models import AccountingLogEntry, XeroConnection, XeroDocument

SETTLED = {MoneyState.PAID, MoneyState.CREDITED}
STOPPED = {"attention", "rejected", "not sent"}
# The last line of a job that has brought a document into Xero, or changed it there.
WRITTEN = {Operation.CREATE, Operation.UPDATE}
OF_DOCUMENT = (
    "id", "invoice__public_id", "number", "kind", "source_name", "state", "money_state", "currency", "total",
    "amount_due",
)  # fmt: skip


def announce_entries(entries: Sequence[AccountingLogEntry]) -> None:
    """In the transaction of the entries. One query where nobody listens, none where there is nothing to hear."""
    first: dict[tuple[EventKind, int | None], AccountingLogEntry] = {}
    for entry in entries:
        kind = kind_of(entry)
        if kind is not None:
            first.setdefault((kind, entry.document_id), entry)
    endpoints = listening(kind for kind, _ in first)
    if not endpoints:
        return
    documents = _documents([document_id for _, document_id in first if document_id])
    happenings = [
        Happening(kind=kind, told=_document(documents[document_id], entry) if document_id else _connection(entry))
        for (kind, document_id), entry in first.items()
    ]
    announce(happenings, endpoints=endpoints, now=entries[0].at)


def kind_of(entry: AccountingLogEntry) -> EventKind | None:
    """None: it is between us and Xero."""
    if entry.event == "connection lost":
        return EventKind.CONNECTION_LOST
    if entry.document_id is None:
        return None
    if entry.event in STOPPED:
        return EventKind.DOCUMENT_ATTENTION
    if entry.event in {"voided", "voided in xero"}:
        return EventKind.DOCUMENT_VOIDED
    if entry.event == "payment":
        is_settled = entry.document is not None and entry.document.money_state in SETTLED
        return EventKind.DOCUMENT_PAID if is_settled else None
    job = entry.job
    is_done = job is not None and job.operation in WRITTEN and job.state == JobState.DONE
    return EventKind.DOCUMENT_IN_XERO if is_done else None


def _documents(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    return {row["id"]: row for row in XeroDocument.objects.filter(pk__in=ids).values(*OF_DOCUMENT)}


def _document(row: dict[str, Any], entry: AccountingLogEntry) -> dict[str, Any]:
    told = {
        "id": str(row["invoice__public_id"]) if row["invoice__public_id"] else None,
        "number": row["number"],
        "kind": row["kind"],
        "about": row["source_name"],
        "state": row["state"],
        "money_state": row["money_state"],
        "currency": row["currency"],
        "total": f"{row['total']:.2f}",
        "amount_due": None if row["amount_due"] is None else f"{row['amount_due']:.2f}",
    }
    return {"document": told, "text": entry.text, "code": entry.problem_code}


def _connection(entry: AccountingLogEntry) -> dict[str, Any]:
    connection: XeroConnection | None = entry.connection
    return {"connection": {"organisation": connection.name if connection else ""}, "text": entry.text}

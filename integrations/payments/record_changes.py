"""Writes down what Xero says of documents that we know. The same news twice changes nothing, older news neither."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from freightbridge.update_rows import update_rows
from integrations.accounting_log.write_entry import write_entries
from integrations.job_states import Direction, DocumentState, LogResult
from integrations.mapping.source import DocumentKind
from integrations.models import AccountingLogEntry, XeroDocument
from integrations.payments.money_news import Before, tell_news
from integrations.payments.settlement import Settlement

CHANGED = [
    "xero_status", "money_state", "amount_due", "amount_paid", "amount_credited", "fully_paid_date", "payments",
    "changed_in_xero_at", "state",
]  # fmt: skip


def known_documents(connection_id: int, settlements: Iterable[Settlement]) -> dict[str, XeroDocument]:
    """Ours among them, by Xero's id. In the tenant's scope."""
    found = XeroDocument.objects.filter(
        connection=connection_id, xero_id__in=[settlement.xero_id for settlement in settlements]
    )
    return {str(document.xero_id): document for document in found}


def is_news(document: XeroDocument, settlement: Settlement) -> bool:
    """A newer moment alone is news too: it keeps out what was read before it and comes after it."""
    seen, told = document.changed_in_xero_at, settlement.changed_at
    is_older = seen is not None and told is not None and told < seen
    return not is_older and any(getattr(document, name) != value for name, value in _facts(settlement).items())


def record_changes(
    connection_id: int,
    settlements: list[Settlement],
    *,
    now: datetime,
    direction: Direction = Direction.POLL,
    otherwise: AccountingLogEntry | None = None,
) -> int:
    """
    Returns how many documents changed. In `held_scope`: nobody else changes them meanwhile.

    `direction`: whether Xero's hint or our own question brought the news. `otherwise`: what the log says where there
    are none to tell.
    """
    known = known_documents(connection_id, settlements)
    changed: dict[int, XeroDocument] = {}
    entries: list[AccountingLogEntry] = []
    for settlement in settlements:
        document = known.get(settlement.xero_id)
        if document is not None and is_news(document, settlement):
            entries += _change(document, settlement, now=now, direction=direction)
            changed[document.pk] = document
    update_rows(list(changed.values()), CHANGED)
    write_entries(entries or ([otherwise] if otherwise else []))
    return len(changed)


def _facts(settlement: Settlement) -> dict[str, Any]:
    """By the fields of XeroDocument; what the answer does not tell is left out."""
    facts: dict[str, Any] = {
        "xero_status": settlement.status,
        "money_state": settlement.money_state,
        "amount_due": settlement.amount_due,
        "amount_paid": settlement.amount_paid,
        "amount_credited": settlement.amount_credited,
        "fully_paid_date": settlement.fully_paid_date,
    }
    if settlement.changed_at is not None:
        facts["changed_in_xero_at"] = settlement.changed_at
    if settlement.payments is not None or not settlement.amount_settled:
        # A summary names no payments; where nothing is settled it need not.
        facts["payments"] = list(settlement.payments or ())
    if settlement.is_gone:
        facts["state"] = DocumentState.VOIDED
    return facts


def _change(
    document: XeroDocument, settlement: Settlement, *, now: datetime, direction: Direction
) -> list[AccountingLogEntry]:
    before = Before(
        status=document.xero_status,
        money_state=document.money_state,
        amount_settled=(document.amount_paid or Decimal(0)) + (document.amount_credited or Decimal(0)),
        total=document.total,
        currency=document.currency,
        is_credit_note=DocumentKind(document.kind).is_credit_note,
        is_delivered=document.state == DocumentState.IN_XERO,
    )
    for name, value in _facts(settlement).items():
        setattr(document, name, value)
    news = tell_news(before, settlement)
    if news is None:
        return []
    entry = AccountingLogEntry(
        at=now,
        connection_id=document.connection_id,
        document=document,
        result=LogResult.DONE,
        direction=direction,
        event=news.event,
        text=news.text,
        actor="Xero",
    )
    return [entry]

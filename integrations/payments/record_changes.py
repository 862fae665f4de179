"""Writes down what Xero says of documents that we know. The same news twice changes nothing, older news neither."""

from collections.abc import Iterable
from datetime import datetime

from freightbridge.update_rows import update_rows
from integrations.accounting_log.write_entry import write_entries
from integrations.job_states import DocumentState, LogResult, MoneyState
from integrations.models import AccountingLogEntry, XeroDocument
from integrations.payments.settlement import Settlement

CHANGED = [
    "xero_status", "money_state", "amount_due", "amount_paid", "amount_credited", "fully_paid_date", "payments",
    "changed_in_xero_at", "state",
]  # fmt: skip
WORDS = {
    MoneyState.UNPAID: "Nothing is paid yet, or a payment was taken back.",
    MoneyState.PART_PAID: "Part-paid: {paid:.2f} of {total:.2f} {currency}.",
    MoneyState.PAID: "Paid in full: {total:.2f} {currency}.",
    MoneyState.CREDITED: "Credited in full.",
    MoneyState.NONE: "",
}


def known_documents(connection_id: int, settlements: Iterable[Settlement]) -> dict[str, XeroDocument]:
    """Ours among them, by Xero's id. In the tenant's scope."""
    found = XeroDocument.objects.filter(
        connection=connection_id, xero_id__in=[settlement.xero_id for settlement in settlements]
    )
    return {str(document.xero_id): document for document in found}


def is_news(document: XeroDocument, settlement: Settlement) -> bool:
    seen, told = document.changed_in_xero_at, settlement.changed_at
    is_older = seen is not None and told is not None and told < seen
    amounts = (document.amount_paid, document.amount_credited, document.xero_status)
    return not is_older and amounts != (settlement.amount_paid, settlement.amount_credited, settlement.status)


def record_changes(connection_id: int, settlements: list[Settlement], *, now: datetime) -> int:
    """Returns how many documents changed. In the tenant's scope."""
    known = known_documents(connection_id, settlements)
    pairs = [(known[one.xero_id], one) for one in settlements if one.xero_id in known]
    news = [(document, settlement) for document, settlement in pairs if is_news(document, settlement)]
    entries = [entry for document, settlement in news for entry in _change(document, settlement, now=now)]
    update_rows([document for document, _ in news], CHANGED)
    write_entries(entries)
    return len(news)


def _change(document: XeroDocument, settlement: Settlement, *, now: datetime) -> Iterable[AccountingLogEntry]:
    old_money, old_status = document.money_state, document.xero_status
    document.xero_status = settlement.status
    document.money_state = settlement.money_state
    document.amount_due = settlement.amount_due
    document.amount_paid = settlement.amount_paid
    document.amount_credited = settlement.amount_credited
    document.fully_paid_date = settlement.fully_paid_date
    document.changed_in_xero_at = settlement.changed_at
    if settlement.payments is not None or not settlement.amount_paid:
        # A summary names no payments; where none is left it need not.
        document.payments = list(settlement.payments or ())
    if settlement.is_gone:
        document.state = DocumentState.VOIDED
    if settlement.is_gone and old_status != settlement.status:
        yield _entry(document, "voided in xero", f"{settlement.status.capitalize()} in Xero.", now=now)
    elif old_money != settlement.money_state or settlement.money_state == MoneyState.PART_PAID:
        text = WORDS[settlement.money_state].format(
            paid=settlement.amount_paid + settlement.amount_credited, total=document.total, currency=document.currency
        )
        if text:
            yield _entry(document, "payment", text, now=now)


def _entry(document: XeroDocument, event: str, text: str, *, now: datetime) -> AccountingLogEntry:
    return AccountingLogEntry(
        at=now,
        connection_id=document.connection_id,
        document=document,
        result=LogResult.DONE,
        event=event,
        text=text,
        actor="Xero",
    )

"""Holds a page of Xero's documents against what was sent: tells of breaks, takes strays away, writes news down."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from freightbridge.current_times import current_times
from freightbridge.update_rows import update_rows
from integrations.connection.reconcile_times import ReconcileTimes
from integrations.job_states import BreakKind
from integrations.mapping.source import DocumentKind
from integrations.models import LedgerBreak, SyncJob, XeroDocument
from integrations.outbox.answer_verdict import figures_of
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.enqueue_discard import enqueue_discard
from integrations.outbox.find_in_xero import Element, element_id, mark_on
from integrations.outbox.job_events import SeenInXero
from integrations.payments.record_changes import record_changes
from integrations.payments.settlement import settlement_of_credit_note, settlement_of_invoice
from integrations.reconciliation.compare_ledgers import Act, Judgement, Seen, judge
from integrations.reconciliation.load_sent import Match, match, sent_of
from integrations.reconciliation.record_breaks import Finding, open_breaks, record_breaks
from integrations.xero_gateway.answers import status_of

KINDS = {
    "ACCREC": DocumentKind.SALES_INVOICE,
    "ACCPAY": DocumentKind.BILL,
    "ACCRECCREDIT": DocumentKind.SALES_CREDIT_NOTE,
    "ACCPAYCREDIT": DocumentKind.BILL_CREDIT_NOTE,
}
Judged = tuple[Match, Seen, Judgement]


def compare_page(connection_id: int, path: str, elements: Sequence[Element], *, now: datetime) -> None:
    """In `held_scope`: nothing is sent meanwhile, so what was read still holds."""
    matches = match(connection_id, path, elements)
    judged = _judge_all(path, matches, now=now)
    record_breaks(
        connection_id,
        list(_findings(judged)),
        looked_at=_looked_at(connection_id, judged),
        now=now,
    )
    for one in judged:
        _act(*one, now=now)
    _note_compared([(one.document, seen) for one, seen, _ in judged if _is_itself(one, seen)], now=now)
    _record_money(connection_id, path, matches, now=now)


def _judge_all(path: str, matches: Sequence[Match], *, now: datetime) -> list[Judged]:
    settled_before = now - current_times(ReconcileTimes).settled_for
    sent = sent_of((one.document for one in matches if one.document is not None), settled_before=settled_before)
    judged = []
    for one in matches:
        seen = _seen(path, one.element)
        judgement = judge(seen, sent[one.document.pk] if one.document else None)
        if judgement is not None:
            judged.append((one, seen, judgement))
    return judged


def _seen(path: str, element: Element) -> Seen:
    return Seen(
        xero_id=element_id(element),
        kind=KINDS.get(str(element.get("Type")), DocumentKind.QUOTE),
        status=status_of(element),
        number=str(element.get("InvoiceNumber") or element.get("CreditNoteNumber") or element.get("QuoteNumber") or ""),
        figures=figures_of(element),
        is_certain=mark_on(path, element)[0] != "facts",
    )


def _findings(judged: Iterable[Judged]) -> Iterator[Finding]:
    for one, seen, judgement in judged:
        if judgement.kind is not None:
            yield Finding(
                kind=judgement.kind,
                document_id=one.document.pk if one.document else None,
                xero_id=seen.xero_id,
                document_kind=seen.kind,
                number=seen.number,
                xero_status=seen.status,
                currency=seen.figures.currency,
                total=seen.figures.total,
                differences=judgement.differences,
            )


def _looked_at(connection_id: int, judged: Iterable[Judged]) -> QuerySet[LedgerBreak]:
    """An outcome that is not known is no matter of what is seen."""
    ids = [UUID(seen.xero_id) for _, seen, _ in judged]
    return open_breaks(connection_id).filter(xero_id__in=ids).exclude(kind=BreakKind.NO_ANSWER)


def _act(one: Match, seen: Seen, judgement: Judgement, *, now: datetime) -> None:
    if judgement.act is None or one.document is None:
        return
    if judgement.act == Act.DISCARD:
        enqueue_discard(one.document, UUID(seen.xero_id), now=now)
        return
    create = SyncJob.objects.select_related("document").filter(document=one.document, operation="create").last()
    happen([Happened(create, SeenInXero())] if create else [], now=now)


def _is_itself(one: Match, seen: Seen) -> bool:
    return one.document is not None and str(one.document.xero_id) == seen.xero_id


def _note_compared(seen: Sequence[tuple[XeroDocument | None, Seen]], *, now: datetime) -> None:
    compared = []
    for document, one in seen:
        if document is not None:
            document.compared_at, document.total_in_xero = now, one.figures.total
            compared.append(document)
    update_rows(compared, ["compared_at", "total_in_xero"])


def _record_money(connection_id: int, path: str, matches: Sequence[Match], *, now: datetime) -> None:
    """What polling has not told, or not yet. Quotes have no money."""
    read = {"Invoices": settlement_of_invoice, "CreditNotes": settlement_of_credit_note}.get(path)
    if read is not None:
        record_changes(connection_id, [read(one.element) for one in matches if one.document is not None], now=now)

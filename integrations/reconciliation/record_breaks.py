"""Keeps the list of breaks true: new ones are told, those seen again stay, those that are gone are closed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from freightbridge.observability.correlation import correlation_id
from integrations.accounting_log.write_entry import write_entries
from integrations.job_states import BreakKind, LogResult
from integrations.mapping.compare_answer import Difference
from integrations.models import AccountingLogEntry, LedgerBreak
from integrations.reconciliation.break_words import closed_words, found_words

Key = tuple[str, int | None, str]
AGAIN = ["seen_at", "differences", "xero_status", "total", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`document_id` None: not known here; `xero_id` empty: Xero holds nothing. `total` is Xero's."""

    kind: BreakKind
    document_id: int | None
    xero_id: str
    document_kind: str
    number: str
    xero_status: str = ""
    currency: str = ""
    total: Decimal | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def key(self) -> Key:
        return (self.kind, self.document_id, self.xero_id)


def record_breaks(
    connection_id: int, findings: Sequence[Finding], *, looked_at: Iterable[LedgerBreak], now: datetime
) -> None:
    """
    In `held_scope`. `looked_at`: the open breaks of what was compared now; those not among the findings are over.
    What a person has settled stays so while it is the same.
    """
    standing = {key_of(one): one for one in looked_at}
    found = {finding.key: finding for finding in findings}
    new = [finding for key, finding in found.items() if key not in standing and not _is_settled(connection_id, finding)]
    for key, one in standing.items():
        if key in found:
            _see_again(one, found[key], now=now)
        else:
            one.closed_at = now
            one.save(update_fields=["closed_at"])
    opened = LedgerBreak.objects.bulk_create([_new(connection_id, finding, now=now) for finding in new])
    closed = [one for key, one in standing.items() if key not in found]
    write_entries(
        [
            *(_entry(one, LogResult.FAILED, "books differ", found_words(one), now=now) for one in opened),
            *(_entry(one, LogResult.INFO, "books agree", closed_words(one), now=now) for one in closed),
        ]
    )


def close_break(one: LedgerBreak, *, by: str, reason: str, now: datetime) -> None:
    """A person says that it is all right so, or settles it elsewhere. In the tenant's scope."""
    one.closed_at, one.closed_by, one.closed_reason = now, by, reason
    one.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    write_entries([_entry(one, LogResult.INFO, "books settled", closed_words(one), now=now, actor=by)])


def open_breaks(connection_id: int) -> QuerySet[LedgerBreak]:
    return LedgerBreak.objects.filter(connection=connection_id, closed_at=None)


def key_of(one: LedgerBreak) -> Key:
    return (one.kind, one.document_id, str(one.xero_id or ""))


def _is_settled(connection_id: int, finding: Finding) -> bool:
    last = (
        LedgerBreak.objects.filter(
            connection=connection_id,
            kind=finding.kind,
            document=finding.document_id,
            xero_id=finding.xero_id or None,
            closed_at__isnull=False,
        )
        .order_by("-pk")
        .first()
    )
    is_same = last is not None and last.differences == _as_json(finding) and last.xero_status == finding.xero_status
    return is_same and last is not None and bool(last.closed_by) and last.total == finding.total


def _see_again(one: LedgerBreak, finding: Finding, *, now: datetime) -> None:
    one.seen_at, one.differences, one.xero_status = now, _as_json(finding), finding.xero_status
    one.total, one.number = finding.total, finding.number
    one.save(update_fields=AGAIN)


def _new(connection_id: int, finding: Finding, *, now: datetime) -> LedgerBreak:
    return LedgerBreak(
        connection_id=connection_id,
        document_id=finding.document_id,
        kind=finding.kind,
        xero_id=finding.xero_id or None,
        document_kind=finding.document_kind,
        number=finding.number,
        xero_status=finding.xero_status,
        currency=finding.currency,
        total=finding.total,
        differences=_as_json(finding),
        found_at=now,
        seen_at=now,
    )


def _as_json(finding: Finding) -> list[dict[str, str]]:
    return [asdict(one) for one in finding.differences]


def _entry(
    one: LedgerBreak, result: LogResult, event: str, text: str, *, now: datetime, actor: str = ""
) -> AccountingLogEntry:
    return AccountingLogEntry(
        at=now,
        connection_id=one.connection_id,
        document_id=one.document_id,
        result=result,
        event=event,
        text=text,
        actor=actor,
        correlation_id=correlation_id(),
    )

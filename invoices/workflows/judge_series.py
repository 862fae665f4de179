"""What the last look into Xero means for our number series: whether one would meet a number that is held there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from integrations.connection.active_connection import active_connections
from integrations.mapping.problems import Problem, problem
from integrations.models import ConnectionSettings, NumberCheck, XeroConnection
from invoices.domain.billable_shipments import NoBillingEntityError, default_entity
from invoices.domain.held_numbers import Start, first_met, from_json, highest
from invoices.domain.numbering import NoNumberSeriesError
from invoices.models import BillingEntity, Invoice, NumberSeries

TAKEN_CODE = "FB-410"


class SeriesTakenError(NoNumberSeriesError):
    """The series would give a number that a document in Xero has; the message says where to mend it."""


class SeriesState(StrEnum):
    """UNKNOWN: Xero has not been read since the prefix was chosen. BEHIND: it holds higher ones, written otherwise."""

    TAKEN = "taken"
    BEHIND = "behind"
    FREE = "free"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesVerdict:
    """`met`: the first number there that the series would give again, `top`: the highest; `begin`: where it is free."""

    state: SeriesState
    met: str = ""
    top: str = ""
    begin: Start | None = None


def judge_series(series: NumberSeries, checks: Iterable[NumberCheck]) -> SeriesVerdict:
    """By all organisations that its documents go to."""
    known = [check for check in checks if check.prefix == series.prefix and check.known_at is not None]
    if not known:
        return SeriesVerdict(state=SeriesState.UNKNOWN)
    runs = [run for check in known for run in from_json(check.held)]
    start, top = Start(series.next_number, series.digits), highest(runs)
    if top is None:
        return SeriesVerdict(state=SeriesState.FREE)
    met, top_text = first_met(runs, start), top.text(series.prefix)
    if met is None and top.number < series.next_number:
        return SeriesVerdict(state=SeriesState.FREE, top=top_text)
    return SeriesVerdict(
        state=SeriesState.BEHIND if met is None else SeriesState.TAKEN,
        met="" if met is None else Start(met, series.digits).text(series.prefix),
        top=top_text,
        begin=Start(max(top.number + 1, series.next_number), top.figures),
    )


def taken_series(connection: XeroConnection) -> dict[tuple[int, str], Problem]:
    """By billing entity and kind; one query. A series that would meet a number in Xero gives none (F57)."""
    found: dict[tuple[int, str], Problem] = {}
    for check in NumberCheck.objects.filter(connection=connection).select_related("series"):
        series = check.series
        verdict = judge_series(series, [check])
        if verdict.state == SeriesState.TAKEN and verdict.begin is not None:
            words = {"prefix": series.prefix, "number": verdict.met, "begin": verdict.begin.text(series.prefix)}
            found[series.billing_entity_id, series.kind] = problem(TAKEN_CODE, series.prefix, **words)
    return found


def require_free_numbers(invoices: Sequence[Invoice], connection: XeroConnection) -> None:
    """Before they get their numbers. Raises SeriesTakenError."""
    wanted = {(one.billing_entity_id, one.kind) for one in invoices if not one.number and not one.is_purchase}
    taken = taken_series(connection) if wanted else {}
    for key in wanted & set(taken):
        words = taken[key].named_words
        raise SeriesTakenError(
            f"{connection.name} holds {words['number']} already, and the series {words['prefix']} would give it again. "
            f"Let it begin at {words['begin']}, under Settings → Number series."
        )


def series_of(connection: XeroConnection) -> list[NumberSeries]:
    """Those that documents for it take their numbers from; none while nobody bills."""
    settings = ConnectionSettings.objects.select_related("billing_entity").filter(connection=connection).first()
    try:
        entity = (settings.billing_entity if settings else None) or default_entity()
    except NoBillingEntityError:
        return []
    return list(NumberSeries.objects.filter(billing_entity=entity).order_by("id"))


def connections_of_entity(entity: BillingEntity) -> list[XeroConnection]:
    """The active ones that it bills for."""
    return connections_by_entity(active_connections())[entity.pk]


def connections_by_entity(connections: Iterable[XeroConnection]) -> dict[int, list[XeroConnection]]:
    """By the entity that bills for them. Two queries."""
    billers = dict(ConnectionSettings.objects.values_list("connection", "billing_entity"))
    default = BillingEntity.objects.filter(is_default=True).values_list("id", flat=True).first()
    found: dict[int, list[XeroConnection]] = defaultdict(list)
    for one in connections:
        entity_id = billers.get(one.pk) or default
        if entity_id is not None:
            found[entity_id].append(one)
    return found


def checks_by_series(connections: Iterable[XeroConnection]) -> dict[int, list[NumberCheck]]:
    """One query."""
    found: dict[int, list[NumberCheck]] = defaultdict(list)
    rows = NumberCheck.objects.filter(connection__in=list(connections)).select_related("connection")
    for check in rows.order_by("connection__name", "id"):
        found[check.series_id].append(check)
    return found

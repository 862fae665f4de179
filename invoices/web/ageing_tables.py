"""Amounts by age as tables: one for each currency, since nothing is added up over two; each cell leads to its list."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from freightbridge.ui.bar_plot import bar_lengths

# (currency, key of the row or None for all of them, bucket or None for all of them) → the list's address, or nothing.
AddressOf = Callable[[str, str | None, int | None], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """`key`: what rows are told apart by. `bucket`: the place of the column."""

    currency: str
    key: str
    name: str
    bucket: int
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeCell:
    label: str
    count: int
    amount: Decimal
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRow:
    """`total` leaves out the columns that are not added up."""

    key: str
    name: str
    cells: list[AgeCell]
    total: AgeCell


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeTable:
    """`sums`: the row below; `bars`: its cells with the length of a bar for each."""

    currency: str
    labels: Sequence[str]
    rows: list[AgeRow]
    sums: AgeRow
    bars: list[tuple[AgeCell, float]]


def age_tables(aged: Iterable[Aged], labels: Sequence[str], address_of: AddressOf, *, added_up: int) -> list[AgeTable]:
    """By currency, the largest amount first. `added_up`: how many of the columns the total is of."""
    by_currency: dict[str, list[Aged]] = defaultdict(list)
    for one in aged:
        by_currency[one.currency].append(one)
    return [_table(currency, found, labels, address_of, added_up) for currency, found in sorted(by_currency.items())]


def _table(currency: str, aged: list[Aged], labels: Sequence[str], address_of: AddressOf, added_up: int) -> AgeTable:
    by_key: dict[str, list[Aged]] = defaultdict(list)
    for one in aged:
        by_key[one.key].append(one)

    def row(key: str | None, name: str, found: list[Aged]) -> AgeRow:
        cells = [
            _cell(label, [one for one in found if one.bucket == place], address_of(currency, key, place))
            for place, label in enumerate(labels)
        ]
        counted = [one for one in found if one.bucket < added_up]
        return AgeRow(
            key=key or "", name=name, cells=cells, total=_cell("Total", counted, address_of(currency, key, None))
        )

    rows = [row(key, found[0].name, found) for key, found in by_key.items()]
    sums = row(None, "All", aged)
    summed = sums.cells[:added_up]
    return AgeTable(
        currency=currency,
        labels=labels,
        rows=sorted(rows, key=lambda one: (-one.total.amount, one.name)),
        sums=sums,
        bars=list(zip(summed, bar_lengths([cell.amount for cell in summed]), strict=True)),
    )


def _cell(label: str, aged: list[Aged], address: str) -> AgeCell:
    count = sum(one.count for one in aged)
    amount = sum((one.amount for one in aged), Decimal(0))
    return AgeCell(label=label, count=count, amount=amount, address=address if count else "")

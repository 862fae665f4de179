"""Rows become shipments: those with one number belong together, each known again by a key of its own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import NamedTuple, overload

from invoices.intake.cell_reading import Value
from invoices.intake.choice_words import SELL
from invoices.intake.freight_fields import PARTIES
from invoices.intake.header_row import folded
from invoices.intake.kept_rows import KeptRows
from invoices.intake.parsed_rows import ParsedCharge, ParsedRow, Remark

LONGEST_CODE_IN_KEY = 30
PARTY_NAMES = {**PARTIES, "supplier_code": "supplier_name"}


class KeyedRow(NamedTuple):
    """`key`: the row's own among those of its shipment. `charges` by keys of their own, which stay when rows move."""

    row: ParsedRow
    key: str
    charges: Mapping[str, ParsedCharge]


class RowGroup(NamedTuple):
    """The rows of one shipment, in the order of the file; or one row that cannot be taken, without a number."""

    number: str
    rows: tuple[KeyedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Something that the file names by a code: how it is called there, and which row says so first."""

    code: str
    name: str
    row_number: int
    is_supplier: bool = False


class KeptGroups(Sequence[RowGroup]):
    """Its rows wait in a file: each is read again whenever its group is asked for."""

    def __init__(self, rows: KeptRows, places: Sequence[Sequence[int]]) -> None:
        self._rows, self._places = rows, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> RowGroup: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[RowGroup, ...]: ...
    def __getitem__(self, at: int | slice) -> RowGroup | tuple[RowGroup, ...]:
        if isinstance(at, slice):
            return tuple(self._group(places) for places in self._places[at])
        return self._group(self._places[at])

    def _group(self, places: Sequence[int]) -> RowGroup:
        return _group([self._rows.read(place) for place in places])


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGroups:
    """
    `parties` and `codes` by folded code, with the name that the file gives anywhere; first in the order of the file.

    `numbers`: of its shipments. `row_keys`: the source's own key of a row → the number of the row.
    """

    groups: Sequence[RowGroup]
    numbers: AbstractSet[str]
    parties: Mapping[str, Mention]
    codes: Mapping[str, Mention]
    row_keys: Mapping[str, int]


def group_rows(rows: Iterable[ParsedRow], *, declared_codes: Mapping[str, str]) -> FileGroups:
    """
    `declared_codes`: charge codes that the match itself names, with their descriptions. However many rows there are,
    few are in memory at a time.
    """
    kept = KeptRows()
    row_keys: dict[str, int] = {}
    places: list[list[int]] = []
    of_number: dict[str, list[int]] = {}
    mentions = Mentions({folded(code): (code, name) for code, name in declared_codes.items()})
    for row in _without_doubles(rows, row_keys):
        place = kept.keep(row)
        if row.refusal:
            places.append([place])
        elif row.shipment_number in of_number:
            of_number[row.shipment_number].append(place)
        else:
            of_number[row.shipment_number] = [place]
            places.append(of_number[row.shipment_number])
        mentions.note(row)
    return FileGroups(
        groups=KeptGroups(kept, places),
        numbers=of_number.keys(),
        parties=mentions.parties,
        codes=mentions.codes,
        row_keys=row_keys,
    )


def _without_doubles(rows: Iterable[ParsedRow], row_keys: dict[str, int]) -> Iterator[ParsedRow]:
    """The second row with the same key is refused: one of the two is a copy, or the key is none."""
    for row in rows:
        key = row.fields.get("row_key")
        if row.refusal is None and isinstance(key, str):
            first = row_keys.setdefault(key, row.number)
            yield row if first == row.number else row._replace(refusal=_double(key, first))
        else:
            yield row


def _double(key: str, first: int) -> Remark:
    text = f"Row {first} has the same ID. If the column numbers shipments and not rows, do not match it as Row ID."
    return Remark(column="", value=key, text=text, is_error=True)


def _group(rows: Sequence[ParsedRow]) -> RowGroup:
    if rows[0].refusal:
        return RowGroup(number="", rows=(KeyedRow(row=rows[0], key="", charges={}),))
    counts: Counter[str] = Counter()
    return RowGroup(number=rows[0].shipment_number, rows=tuple(_keyed(row, counts) for row in rows))


def _keyed(row: ParsedRow, counts: Counter[str]) -> KeyedRow:
    """
    Without a key of the source's, a row is the n-th of its shipment, and its charge the n-th of its code.

    By their code, charges keep their keys when the file is sorted otherwise or has one row more.
    """
    own = row.fields.get("row_key")
    if isinstance(own, str):
        prefix, key, charge_counts = f"{own}/", own, Counter[str]()
    else:
        counts["row"] += 1
        prefix, key, charge_counts = "", f"#{counts['row']}", counts
    charges = {_charge_key(charge, prefix, charge_counts): charge for charge in row.charges}
    return KeyedRow(row=row, key=key, charges=charges)


def _charge_key(charge: ParsedCharge, prefix: str, counts: Counter[str]) -> str:
    code = str(charge.values.get("charge_code", ""))[:LONGEST_CODE_IN_KEY]
    kind = charge.key or f"{charge.values.get('side', SELL)}:{code}"
    counts[kind] += 1
    return f"{prefix}{kind}#{counts[kind]}"


@dataclass(slots=True)
class Mentions:
    """Gathers what the rows name, one row after the other. `declared`: folded code → code and description."""

    declared: Mapping[str, tuple[str, str]]
    parties: dict[str, Mention] = field(default_factory=dict)
    codes: dict[str, Mention] = field(default_factory=dict)

    def note(self, row: ParsedRow) -> None:
        if row.refusal:
            return
        self.note_parties(row.fields, row.number, is_supplier=False)
        for charge in row.charges:
            self.note_parties(charge.values, row.number, is_supplier=True)
            self.note_code(folded(str(charge.values.get("charge_code", ""))), row.number)

    def note_parties(self, values: Mapping[str, Value], row_number: int, *, is_supplier: bool) -> None:
        """The first one counts, with the first name that any row gives."""
        for code_field, name_field in PARTY_NAMES.items():
            if code := str(values.get(code_field, "")):
                name = str(values.get(name_field, ""))
                mention = Mention(code=code, name=name, row_number=row_number, is_supplier=is_supplier)
                first = self.parties.setdefault(folded(code), mention)
                if (name and not first.name) or (is_supplier and not first.is_supplier):
                    self.parties[folded(code)] = replace(
                        first, name=first.name or name, is_supplier=first.is_supplier or is_supplier
                    )

    def note_code(self, key: str, row_number: int) -> None:
        if key in self.declared and key not in self.codes:
            code, name = self.declared[key]
            self.codes[key] = Mention(code=code, name=name, row_number=row_number)

"""Rows become shipments: those with one number belong together, each known again by a key of its own. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from invoices.intake.cell_reading import Value
from invoices.intake.choice_words import SELL
from invoices.intake.freight_fields import PARTIES
from invoices.intake.header_row import folded
from invoices.intake.parsed_rows import ParsedCharge, ParsedRow, Remark

LONGEST_CODE_IN_KEY = 30
PARTY_NAMES = {**PARTIES, "supplier_code": "supplier_name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRow:
    """`key`: the row's own among those of its shipment. `charges` by keys of their own, which stay when rows move."""

    row: ParsedRow
    key: str
    charges: Mapping[str, ParsedCharge]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGroups:
    """
    `parties` and `codes` by folded code, with the name that the file gives anywhere; first in the order of `groups`.

    `row_keys`: the source's own key of a row → the number of the row.
    """

    groups: tuple[RowGroup, ...]
    parties: Mapping[str, Mention]
    codes: Mapping[str, Mention]
    row_keys: Mapping[str, int]

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(group.number for group in self.groups)

    @property
    def row_count(self) -> int:
        return sum(len(group.rows) for group in self.groups)


def group_rows(rows: Sequence[ParsedRow], *, declared_codes: Mapping[str, str]) -> FileGroups:
    """`declared_codes`: charge codes that the match itself names, with their descriptions."""
    row_keys: dict[str, int] = {}
    members: dict[str, list[ParsedRow]] = {}
    for row in _without_doubles(rows, row_keys):
        members.setdefault(f"#{row.number}" if row.refusal else f"={row.shipment_number}", []).append(row)
    groups = tuple(_group(group) for group in members.values())
    return FileGroups(
        groups=groups,
        parties=_parties(groups),
        codes=_codes(groups, {folded(code): (code, name) for code, name in declared_codes.items()}),
        row_keys=row_keys,
    )


def _without_doubles(rows: Iterable[ParsedRow], row_keys: dict[str, int]) -> Iterator[ParsedRow]:
    """The second row with the same key is refused: one of the two is a copy, or the key is none."""
    for row in rows:
        key = row.fields.get("row_key")
        if row.refusal is None and isinstance(key, str):
            first = row_keys.setdefault(key, row.number)
            yield row if first == row.number else replace(row, refusal=_double(key, first))
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


def _parties(groups: Iterable[RowGroup]) -> dict[str, Mention]:
    found: dict[str, Mention] = {}
    for keyed in chain.from_iterable(group.rows for group in groups):
        charges = [(charge.values, True) for charge in keyed.charges.values()]
        for values, is_charge in [(keyed.row.fields, False), *charges]:
            for mention in _named_in(values, keyed.row.number, is_supplier=is_charge):
                _add_mention(found, mention)
    return found


def _named_in(values: Mapping[str, Value], row_number: int, *, is_supplier: bool) -> Iterator[Mention]:
    for code_field, name_field in PARTY_NAMES.items():
        if code := str(values.get(code_field, "")):
            name = str(values.get(name_field, ""))
            yield Mention(code=code, name=name, row_number=row_number, is_supplier=is_supplier)


def _add_mention(found: dict[str, Mention], mention: Mention) -> None:
    """The first one counts, with the first name that any row gives."""
    first = found.setdefault(folded(mention.code), mention)
    if (mention.name and not first.name) or (mention.is_supplier and not first.is_supplier):
        found[folded(mention.code)] = replace(
            first, name=first.name or mention.name, is_supplier=first.is_supplier or mention.is_supplier
        )


def _codes(groups: Iterable[RowGroup], declared: Mapping[str, tuple[str, str]]) -> dict[str, Mention]:
    found: dict[str, Mention] = {}
    for keyed in chain.from_iterable(group.rows for group in groups):
        for charge in keyed.charges.values():
            key = folded(str(charge.values.get("charge_code", "")))
            if key in declared and key not in found:
                code, name = declared[key]
                found[key] = Mention(code=code, name=name, row_number=keyed.row.number)
    return found

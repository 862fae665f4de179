"""Turns the rows of a table into what they say about shipments, by the rules of a column match. Pure."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from invoices.intake.cell_reading import ABSENT, Pointer, Reading, Value, left_out
from invoices.intake.column_match import ChargeRule, FieldRule, MatchRules, column_label
from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS, Field, Kind
from invoices.intake.header_row import folded
from invoices.intake.parsed_rows import ParsedCharge, ParsedRow, PointedAmount, Remark
from invoices.intake.read_field import ReadingContext, read_field
from invoices.intake.source_table import Cell, OpenTable, Table, TableRow, cell_text

BETWEEN_COLUMNS = ", "
MOST_PERCENT = 100
NO_NUMBER = "The row has no shipment number, so it belongs to no shipment."


Cells = tuple[Cell, ...]
# Of what a column says again and again; one that never says the same twice is not remembered for ever.
MOST_KNOWN = 1000
# Behind the cells of a row stands an empty one, for rules that have no column.
NO_COLUMN = itemgetter(-1)
READ_FIRST = {"currency", "unit_price"}
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """
    A rule that knows where its columns stand in this file, and what it has read in them: columns say the same again
    and again. `pick` takes their cells out of a row; `known` by these, and by the currency of the row where they are
    numbers.
    """

    field: Field
    rule: FieldRule
    positions: tuple[int, ...]
    column: str
    pick: Callable[[Cells], object]
    is_number: bool
    known: dict[object, Reading] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlacedCharge:
    """
    `columns`: of all its `rules`. `others`: all but those that are read before them, the price and its currency; and
    but those that say the same of every row, `alike`.
    """

    rules: dict[str, PlacedRule]
    columns: dict[str, str]
    alike: dict[str, Value | None]
    others: tuple[tuple[str, PlacedRule], ...]


@dataclass(slots=True)
class RowReader:
    """
    Reads the cells of one row and gathers what there is to tell. `cells`: one more than the header has names.
    `currency`: the one in which the amounts are.
    """

    cells: Cells
    context: ReadingContext
    currency: str = ""
    remarks: list[Remark] = dataclasses.field(default_factory=list)
    pointed: list[PointedAmount] = dataclasses.field(default_factory=list)

    def read(self, placed: PlacedRule) -> Value | None:
        key = placed.pick(self.cells)
        if placed.is_number:
            key = (key, self.currency)
        reading = placed.known.get(key)
        if reading is None:
            if len(placed.known) >= MOST_KNOWN:
                placed.known.clear()
            reading = placed.known[key] = self.reading(placed)
        value, note, is_error, pointer = reading
        if pointer is not None:
            self.point(placed, pointer)
        elif note:
            self.tell(placed, note, is_error=is_error)
        return value

    def reading(self, placed: PlacedRule) -> Reading:
        cell = self.cell(placed)
        if cell == "":
            return ABSENT
        meant = placed.rule.values.get(folded(cell_text(cell))) if placed.rule.values else None
        if meant == "":
            return left_out(f"“{cell_text(cell)}” stands for nothing, by the column match.")
        context = _in_currency(self.context, self.currency) if placed.is_number and self.currency else self.context
        return read_field(placed.field, cell if meant is None else meant, context)

    def cell(self, placed: PlacedRule) -> Cell:
        if len(placed.positions) == 1:
            only = self.cells[placed.positions[0]]
            return placed.rule.default if only == "" else only
        found = [self.cells[at] for at in placed.positions if self.cells[at] != ""]
        if len(found) > 1:
            return BETWEEN_COLUMNS.join(cell_text(cell) for cell in found)
        return found[0] if found else placed.rule.default

    def point(self, placed: PlacedRule, pointer: Pointer) -> None:
        shown, is_charge = cell_text(self.cell(placed)), placed.field.name == "unit_price"
        self.pointed.append(PointedAmount(column=placed.column, value=shown, pointer=pointer, is_charge=is_charge))

    def tell(self, placed: PlacedRule, text: str, *, is_error: bool = False) -> None:
        shown = cell_text(self.cell(placed))
        self.remarks.append(Remark(column=placed.column, value=shown, text=text, is_error=is_error))


@lru_cache(maxsize=64)
def _in_currency(context: ReadingContext, currency: str) -> ReadingContext:
    return replace(context, currency=currency)


class RowParser:
    """Of the rows under one header. The rules must have passed `check_rules` for it."""

    def __init__(self, header: Sequence[str], rules: MatchRules) -> None:
        places = {folded(name): position for position, name in enumerate(header)}
        placed = {name: _place(SHIPMENT_FIELDS[name], rule, places) for name, rule in rules.fields.items()}
        self.width = len(header)
        self.currency = placed.pop("currency", None)
        self.fields = placed
        self.context = ReadingContext(date_order=rules.date_order, decimal_mark=rules.decimal_mark)
        nothing = RowReader(("",), self.context)
        self.charges = [_place_charge(charge, places, nothing) for charge in rules.charges]

    def parse(self, row: TableRow) -> ParsedRow:
        cells = row.cells
        if len(cells) > self.width and any(cell != "" for cell in cells[self.width :]):
            return ParsedRow(number=row.number, refusal=_too_wide(row, self.width))
        named = cells[: self.width]
        reader = RowReader((*named, *[""] * (self.width + 1 - len(named))), self.context)
        values: dict[str, Value] = {}
        if self.currency and (currency := reader.read(self.currency)):
            values["currency"] = reader.currency = str(currency)
        for name, placed in self.fields.items():
            value = reader.read(placed)
            if value is not None:
                values[name] = value
        found = [charge for placed in self.charges if (charge := _charge(placed, reader, values)) is not None]
        refusal = None if values.get("number") else Remark(column="", value="", text=NO_NUMBER, is_error=True)
        return ParsedRow(row.number, values, tuple(found), tuple(reader.pointed), tuple(reader.remarks), refusal)


def parse_rows(table: Table | OpenTable, rules: MatchRules) -> Iterator[ParsedRow]:
    """One for each row of the table, in its order. The rules must have passed `check_rules` for its header."""
    return map(RowParser(table.header, rules).parse, table.rows)


def _place(field: Field, rule: FieldRule, places: dict[str, int]) -> PlacedRule:
    positions = tuple(places[folded(column)] for column in rule.columns)
    pick = itemgetter(*positions) if positions else NO_COLUMN
    return PlacedRule(field, rule, positions, column_label(field, rule), pick, field.kind is Kind.NUMBER)


def _place_charge(charge: ChargeRule, places: dict[str, int], nothing: RowReader) -> PlacedCharge:
    """What has no column, and of which there is nothing to tell, is read at once; amounts go by the row's currency."""
    rules = {name: _place(CHARGE_FIELDS[name], rule, places) for name, rule in charge.items()}
    later = {name: rule for name, rule in rules.items() if name not in READ_FIRST}
    fixed = {name: nothing.reading(rule) for name, rule in later.items() if not (rule.positions or rule.is_number)}
    alike = {name: reading.value for name, reading in fixed.items() if reading == Reading(reading.value)}
    return PlacedCharge(
        rules=rules,
        columns={name: rule.column for name, rule in rules.items()},
        alike=alike,
        others=tuple((name, rule) for name, rule in later.items() if name not in alike),
    )


def _too_wide(row: TableRow, width: int) -> Remark:
    extra = [cell_text(cell) for cell in row.cells[width:] if cell != ""]
    text = f"The row has more cells than the header has names ({len(row.cells)}, {width}). Is a quotation mark missing?"
    return Remark(column="", value=BETWEEN_COLUMNS.join(extra), text=text, is_error=True)


def _charge(placed: PlacedCharge, reader: RowReader, row: dict[str, Value]) -> ParsedCharge | None:
    """None: the row adds no such charge; why is told, unless its price is simply empty."""
    currency = _currency_of_charge(placed, reader, row)
    price_rule = placed.rules["unit_price"]
    outer, reader.currency = reader.currency, currency
    price = reader.read(price_rule)
    reader.currency = outer
    if not isinstance(price, Decimal):
        _tell_of_missing_price(placed, reader)
        return None
    if price == 0:
        reader.tell(price_rule, "The amount is 0: no charge.")
        return None
    if row.get("currency") not in {None, currency}:
        reader.tell(
            price_rule, f"The charge is in {currency}, but the row is in {row['currency']}: not taken.", is_error=True
        )
        return None
    if currency:
        row["currency"] = currency
    return _complete(placed, reader, price)


def _tell_of_missing_price(placed: PlacedCharge, reader: RowReader) -> None:
    """An amount column may be empty in most rows; a row that names a charge was meant to have one."""
    code = placed.rules["charge_code"]
    if code.positions and reader.cell(code) != "" and reader.cell(placed.rules["unit_price"]) == "":
        reader.tell(code, "The row has no price: no charge.")


def _currency_of_charge(placed: PlacedCharge, reader: RowReader, row: dict[str, Value]) -> str:
    own = placed.rules.get("currency")
    named = reader.read(own) if own else None
    return str(named or row.get("currency") or "")


def _complete(placed: PlacedCharge, reader: RowReader, price: Decimal) -> ParsedCharge | None:
    rules = placed.rules
    values = {**placed.alike, **{name: reader.read(rule) for name, rule in placed.others}}
    if values.setdefault("quantity", ONE) == 0:
        reader.tell(rules["quantity"], "The quantity is 0: no charge.")
        return None
    if values.get("charge_code") is None:
        reader.tell(rules["charge_code"], "The charge has no charge code, so it cannot be invoiced yet.", is_error=True)
    values["unit_price"] = price
    if "discount_percent" in rules and not _is_usable(rules["discount_percent"], values["discount_percent"], reader):
        values["discount_percent"] = values["unit_price"] = None
    kept = {name: value for name, value in values.items() if value is not None}
    return ParsedCharge(kept, placed.columns)


def _is_usable(placed: PlacedRule, discount: Value | None, reader: RowReader) -> bool:
    """A charge whose discount cannot be read must not go out at its full price."""
    is_refused = discount is None and reader.reading(placed).is_error
    if is_refused or (isinstance(discount, Decimal) and not 0 <= discount <= MOST_PERCENT):
        reader.tell(placed, "The discount cannot be used, so the charge has no price yet.", is_error=True)
        return False
    return True

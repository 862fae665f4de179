"""Guesses from names and some rows how the columns of a new file become our fields; a person confirms it. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from invoices.intake.built_in_matches import BUILT_IN, BuiltInMatch
from invoices.intake.column_match import ChargeRule, DateOrder, DecimalMark, FieldRule, MatchRules, charge_column
from invoices.intake.column_names import (
    AMOUNT_NAMES,
    AMOUNT_WORDS,
    CHARGE_NAMES,
    CHARGE_WORDS,
    SHIPMENT_NAMES,
    plain_name,
)
from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS, Field, Kind
from invoices.intake.header_row import folded
from invoices.intake.read_date import could_be_two
from invoices.intake.read_field import CURRENCIES
from invoices.intake.read_number import is_written_otherwise, read_number
from invoices.intake.source_table import Cell, TableRow, cell_text
from invoices.intake.value_words import words_for_amount

CERTAIN, LIKELY, POSSIBLE = 1.0, 0.9, 0.6
IN_BRACKETS = re.compile(r"\(([^)]*)\)")
NUMERIC_DATE = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}\b.*")
MONTHS = 12
LONGEST_CODE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """
    `confidence`: by column, from 0 to 1. `is_certain`: nobody need be asked. `name`: of the built-in match that
    the file was recognised by.
    """

    rules: MatchRules
    confidence: Mapping[str, float] = field(default_factory=dict)
    is_certain: bool = False
    name: str = ""


def propose_match(header: Sequence[str], rows: Sequence[TableRow]) -> Proposal:
    """`rows`: the first ones of the file, some dozens."""
    built_in = next((match for match in BUILT_IN if _is_of(match, header)), None)
    if built_in is not None:
        confidence = dict.fromkeys(built_in.rules.columns, CERTAIN)
        return Proposal(rules=built_in.rules, confidence=confidence, is_certain=True, name=built_in.name)
    return Proposer(header, rows).propose()


def _is_of(match: BuiltInMatch, header: Sequence[str]) -> bool:
    return {folded(column) for column in match.rules.columns} <= {folded(name) for name in header}


class Proposer:
    """Gives each column to one field at most, the surest first."""

    def __init__(self, header: Sequence[str], rows: Sequence[TableRow]) -> None:
        self.header = header
        self.rows = rows
        self.confidence: dict[str, float] = {}

    def propose(self) -> Proposal:
        titles = {folded(each.title) for each in (*SHIPMENT_FIELDS.values(), *CHARGE_FIELDS.values())}
        fields = self.fields(SHIPMENT_NAMES, SHIPMENT_FIELDS)
        charges = self.charges()
        date_columns = [rule.columns[0] for name, rule in fields.items() if SHIPMENT_FIELDS[name].kind is Kind.DATE]
        rules = MatchRules(
            fields=fields,
            charges=charges,
            date_order=self.date_order(date_columns),
            decimal_mark=self.decimal_mark(self.number_columns(fields, charges)),
        )
        is_ours = "number" in fields and all(folded(name) in titles for name in self.header)
        return Proposal(rules=rules, confidence=self.confidence, is_certain=is_ours)

    def fields(self, names: Mapping[str, tuple[str, ...]], known: Mapping[str, Field]) -> dict[str, FieldRule]:
        found: dict[str, FieldRule] = {}
        for confidence, _, column, name in sorted(self.candidates(names, known), key=lambda one: (-one[0], one[1])):
            if name not in found and column not in self.confidence:
                found[name] = FieldRule(columns=(column,))
                self.confidence[column] = confidence
        return {name: found[name] for name in known if name in found}

    def candidates(
        self, names: Mapping[str, tuple[str, ...]], known: Mapping[str, Field]
    ) -> Iterator[tuple[float, int, str, str]]:
        """Confidence, then how far down its name stands in the list of names."""
        for column in self.header:
            plain = plain_name(column)
            for name, synonyms in names.items():
                if folded(column) == folded(known[name].title):
                    yield CERTAIN, 0, column, name
                elif plain in synonyms and (name != "row_key" or self.has_own_values(column)):
                    yield LIKELY, synonyms.index(plain), column, name
                elif any(" " in synonym and f" {synonym} " in f" {plain} " for synonym in synonyms):
                    yield POSSIBLE, 0, column, name

    def charges(self) -> tuple[ChargeRule, ...]:
        """One charge in each row, or columns of amounts that are a charge each."""
        rules = self.fields(CHARGE_NAMES, CHARGE_FIELDS)
        if "unit_price" not in rules:
            amount = next((column for column in self.free() if plain_name(column) in AMOUNT_NAMES), None)
            rules.pop("quantity", None)
            if amount is not None:
                rules["unit_price"] = FieldRule(columns=(amount,))
                self.confidence[amount] = LIKELY
        if {"charge_code", "unit_price"} <= rules.keys():
            return (rules,)
        for rule in rules.values():
            self.confidence.pop(rule.columns[0], None)
        return tuple(self.charge_columns())

    def charge_columns(self) -> Iterator[ChargeRule]:
        for column in self.free():
            plain = plain_name(IN_BRACKETS.sub("", column))
            known = next(((code, text) for words, code, text in CHARGE_WORDS if words in plain), None)
            if known is None and not AMOUNT_WORDS & set(plain.split()):
                continue
            if self.holds_numbers(column):
                code, text = known or (_code_of(plain), column)
                self.confidence[column] = POSSIBLE
                yield charge_column(column, code=code, description=text, currency=_currency_in(column))

    def free(self) -> list[str]:
        return [column for column in self.header if column not in self.confidence]

    def cells(self, column: str) -> list[Cell]:
        position = self.header.index(column)
        cells = [row.cells[position] for row in self.rows if position < len(row.cells)]
        return [cell for cell in cells if cell != ""]

    def texts(self, columns: Sequence[str]) -> list[str]:
        return [cell for column in columns for cell in self.cells(column) if isinstance(cell, str)]

    def has_own_values(self, column: str) -> bool:
        cells = [cell_text(cell) for cell in self.cells(column)]
        return len(cells) == len(self.rows) == len(set(cells))

    def holds_numbers(self, column: str) -> bool:
        """One at least, and half of what stands in it are numbers or words for amounts."""
        cells = self.cells(column)
        numbers = sum(_is_number(cell) for cell in cells)
        words = sum(isinstance(cell, str) and words_for_amount(cell, noun="") is not None for cell in cells)
        return numbers > 0 and 2 * (numbers + words) >= len(cells)

    def number_columns(self, fields: Mapping[str, FieldRule], charges: Sequence[ChargeRule]) -> list[str]:
        of_fields = [rule for name, rule in fields.items() if SHIPMENT_FIELDS[name].kind is Kind.NUMBER]
        of_charges = [
            rule for charge in charges for name, rule in charge.items() if CHARGE_FIELDS[name].kind is Kind.NUMBER
        ]
        return [rule.columns[0] for rule in (*of_fields, *of_charges) if rule.columns]

    def decimal_mark(self, columns: Sequence[str]) -> DecimalMark:
        """By the numbers that can be written in one way only; a point where there are none."""
        texts = self.texts(columns)
        commas = sum(_is_only(text, DecimalMark.COMMA) for text in texts)
        points = sum(_is_only(text, DecimalMark.POINT) for text in texts)
        return DecimalMark.COMMA if commas > points else DecimalMark.POINT

    def date_order(self, columns: Sequence[str]) -> DateOrder:
        """By the dates that can be one day only; unknown where there are none, or of both kinds."""
        plain = [text for text in self.texts(columns) if not could_be_two(text)]
        pairs = [found for text in plain if (found := NUMERIC_DATE.match(text))]
        has_days_first = any(int(pair[1]) > MONTHS for pair in pairs)
        has_months_first = any(int(pair[2]) > MONTHS for pair in pairs)
        if has_days_first == has_months_first:
            return DateOrder.UNKNOWN
        return DateOrder.DAY_FIRST if has_days_first else DateOrder.MONTH_FIRST


def _is_number(cell: Cell) -> bool:
    return not isinstance(cell, str) or any(read_number(cell, decimal_mark=mark) for mark in DecimalMark)


def _is_only(text: str, mark: DecimalMark) -> bool:
    return read_number(text, decimal_mark=mark) is not None and not is_written_otherwise(text, decimal_mark=mark)


def _currency_in(column: str) -> str:
    """“Freight Cost (USD)”."""
    inside = IN_BRACKETS.search(column)
    named = inside[1].strip().upper() if inside else ""
    return named if named in CURRENCIES else ""


def _code_of(plain: str) -> str:
    words = [word for word in plain.split() if word not in AMOUNT_WORDS] or plain.split()
    return "".join(words).upper()[:LONGEST_CODE]

"""Reads one cell as one of our fields: the value, or why there is none."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.core import get_global

from invoices.domain.readiness import INCOTERMS
from invoices.intake.cell_reading import ABSENT, Reading, left_out, refused
from invoices.intake.choice_words import CHOICES, MEANINGS
from invoices.intake.column_match import DateOrder, DecimalMark
from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS, Field, Kind
from invoices.intake.header_row import folded
from invoices.intake.read_date import UnreadableDateError, read_date
from invoices.intake.read_number import WrittenNumber, is_written_otherwise, read_number
from invoices.intake.source_table import Cell, cell_text
from invoices.intake.value_words import words_for_amount, words_for_date, words_for_nothing

CURRENCIES = frozenset(get_global("all_currencies"))
BETWEEN_REFERENCES = re.compile(r"[,;\n\r|]+")
INCOTERM_AND_PLACE = re.compile(r"([A-Za-z]{3})\b.*", re.DOTALL)
LONGEST_REFERENCE = 100
# Of ten, for every number of digits that fields have.
POWERS = {
    exponent: Decimal(1).scaleb(exponent)
    for field in (*SHIPMENT_FIELDS.values(), *CHARGE_FIELDS.values())
    for exponent in (field.whole_digits, -field.places)
}
CHARGED = {"unit_price"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingContext:
    """How the file writes, and the currency of the row, in which its amounts are."""

    date_order: DateOrder
    decimal_mark: DecimalMark
    currency: str = ""


def read_field(field: Field, cell: Cell, context: ReadingContext) -> Reading:
    if cell == "":
        return ABSENT
    if field.kind is not Kind.TEXT and isinstance(cell, str) and not cell[0].isdigit():
        nothing = words_for_nothing(cell)
        if nothing is not None:
            return nothing
    return READERS[field.kind](field, cell, context)


def _text(field: Field, cell: Cell, _context: ReadingContext) -> Reading:
    text = " ".join(cell_text(cell).split())
    if len(text) <= field.longest:
        return Reading(value=text)
    return Reading(value=f"{text[: field.longest - 1]}…", note=f"Shortened to {field.longest} characters.")


def _code(field: Field, cell: Cell, _context: ReadingContext) -> Reading:
    text = " ".join(cell_text(cell).split())
    if len(text) > field.longest:
        return refused(f"Too long for {field.title}: {len(text)} characters, {field.longest} are possible.")
    return Reading(value=text)


def _references(_field: Field, cell: Cell, _context: ReadingContext) -> Reading:
    parts = [" ".join(part.split()) for part in BETWEEN_REFERENCES.split(cell_text(cell))]
    found = tuple(dict.fromkeys(part for part in parts if part))
    if any(len(part) > LONGEST_REFERENCE for part in found):
        return refused(f"A reference of more than {LONGEST_REFERENCE} characters. Put commas between references.")
    return Reading(value=found) if found else ABSENT


def _number(field: Field, cell: Cell, context: ReadingContext) -> Reading:
    if isinstance(cell, date):
        return refused(f"A date stands where {field.title} should be.")
    if isinstance(cell, Decimal):
        return _sized(field, cell)
    written = read_number(_without_unit(cell, field.unit), decimal_mark=context.decimal_mark)
    if written is None:
        return _no_number(field, cell, context)
    if written.currency and written.currency != context.currency:
        return refused(_other_currency(written, context))
    return _sized(field, written.value)


def _sized(field: Field, value: Decimal) -> Reading:
    if abs(value) >= POWERS[field.whole_digits]:
        return refused(f"Too large for {field.title}.")
    kept = value.quantize(POWERS[-field.places], rounding=ROUND_HALF_UP)
    note = "" if kept == value else f"Rounded to {field.places} places: {kept:f}."
    return Reading(value=kept.normalize(), note=note)


def _no_number(field: Field, text: str, context: ReadingContext) -> Reading:
    words = words_for_amount(text, noun="charge" if field.name in CHARGED else "value")
    if words is not None:
        return words
    if is_written_otherwise(text, decimal_mark=context.decimal_mark):
        mark = context.decimal_mark
        return refused(f"No number with a decimal {mark}. If the other is meant, change the column match.")
    return refused(f"“{text}” is no number.")


def _other_currency(written: WrittenNumber, context: ReadingContext) -> str:
    row = f"the row is in {context.currency}" if context.currency else "the row names no currency"
    return f"The amount is in {written.currency}, but {row}."


def _date(_field: Field, cell: Cell, context: ReadingContext) -> Reading:
    if isinstance(cell, date):
        return Reading(value=cell)
    if isinstance(cell, Decimal):
        return refused(f"{cell_text(cell)} is a number, not a date. Give the column the format of a date.")
    try:
        return Reading(value=read_date(cell, context.date_order))
    except UnreadableDateError as error:
        return words_for_date(cell) or refused(str(error))


def _currency(_field: Field, cell: Cell, _context: ReadingContext) -> Reading:
    text = cell_text(cell)
    if text.upper() not in CURRENCIES:
        return refused(f"“{text}” is no currency. Write its three letters.")
    return Reading(value=text.upper())


def _incoterm(_field: Field, cell: Cell, _context: ReadingContext) -> Reading:
    text = cell_text(cell)
    found = INCOTERM_AND_PLACE.fullmatch(text)
    term = found[1].upper() if found else ""
    if term not in INCOTERMS:
        return left_out(f"“{text}” names no Incoterm, so it counts as empty.")
    return Reading(value=term, note="" if len(text) == len(term) else f"Only {term} was taken.")


def _choice(field: Field, cell: Cell, _context: ReadingContext) -> Reading:
    text = cell_text(cell)
    ours = MEANINGS[field.name].get(folded(text))
    if ours is None:
        possible = ", ".join(CHOICES[field.name])
        return refused(f"“{text}” is not one of: {possible}. Translate it in the column match.")
    return Reading(value=ours)


def _without_unit(text: str, unit: str) -> str:
    bare = text.strip()
    return bare[: -len(unit)] if unit and bare.lower().endswith(unit) else bare


READERS: dict[Kind, Callable[[Field, Cell, ReadingContext], Reading]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.REFERENCES: _references,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CURRENCY: _currency,
    Kind.INCOTERM: _incoterm,
    Kind.CHOICE: _choice,
}

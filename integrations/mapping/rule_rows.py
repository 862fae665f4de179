"""The rules that people keep, as plain rows: for versions, their differences in words, and files."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Row = dict[str, str]
# By the table's name.
RuleSet = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTable:
    """`key`: the fields by which a row is the same row; `values`: what it says."""

    name: str
    key: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.key, *self.values)

    def key_of(self, row: Row) -> tuple[str, ...]:
        return tuple(row[name] for name in self.key)


LINES = RuleTable(
    name="mapping line", key=("side", "charge_code", "cost_centre"), values=("account_code", "tax_type", "item_code")
)
TAX_CODES = RuleTable(name="tax code", key=("side", "tax_code"), values=("tax_type",))
TAX_PLACES = RuleTable(name="tax by country", key=("side", "place", "charge_code"), values=("tax_code",))
TRACKING = RuleTable(name="tracking rule", key=("category", "dimension", "value"), values=("option",))
SENDING = RuleTable(name="sending rule", key=("name",), values=("value",))
# Those that have a table of their own: what a file brings.
MAPPING_TABLES = (LINES, TAX_CODES, TAX_PLACES, TRACKING)
TABLES = (*MAPPING_TABLES, SENDING)
# What follows the row's words in each of the three sentences below.
SAID_AFTER = re.compile(r" added: | removed \(|: ")


def words(field: str) -> str:
    return field.replace("_", " ")


def row_words(table: RuleTable, row: Row) -> str:
    return f"{table.name.capitalize()} {', '.join(filter(None, table.key_of(row)))}"


def row_told_of(sentence: str) -> str:
    """The `row_words` of the row that a sentence of `difference_words` is about."""
    return SAID_AFTER.split(sentence, maxsplit=1)[0]


def difference_words(before: RuleSet, after: RuleSet) -> list[str]:
    """A sentence for each row that was added, changed or removed."""
    return [sentence for table in TABLES for sentence in _of_table(table, before, after)]


def _of_table(table: RuleTable, before: RuleSet, after: RuleSet) -> Iterator[str]:
    old = {table.key_of(row): row for row in before.get(table.name, ())}
    new = {table.key_of(row): row for row in after.get(table.name, ())}
    for key in [*old, *(key for key in new if key not in old)]:
        row = new.get(key) or old[key]
        if key not in new:
            yield f"{row_words(table, row)} removed ({_said(table, row)})."
        elif key not in old:
            yield f"{row_words(table, row)} added: {_said(table, row)}."
        elif old[key] != new[key]:
            changed = [name for name in table.values if old[key].get(name, "") != new[key].get(name, "")]
            said = ", ".join(f"{words(name)} {_shown(old[key], name)} → {_shown(new[key], name)}" for name in changed)
            yield f"{row_words(table, row)}: {said}."


def _said(table: RuleTable, row: Row) -> str:
    return ", ".join(f"{words(name)} {row[name]}" for name in table.values if row.get(name)) or "nothing"


def _shown(row: Row, name: str) -> str:
    return row.get(name, "") or "none"

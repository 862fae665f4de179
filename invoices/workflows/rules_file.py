"""Mapping rules as a CSV file, out and in: what a file would change is told row by row before anything is changed."""

import csv
import io
from dataclasses import dataclass, field

from integrations.mapping.rule_rows import MAPPING_TABLES, Row, RuleSet, RuleTable, row_words, words
from integrations.mapping.rules import OrganisationRules
from integrations.models import XeroConnection
from integrations.reference_data.check_rule_row import KnownCodes, row_faults
from integrations.reference_data.rule_store import put_row
from invoices.intake.spreadsheet_text import safe_for_spreadsheet, without_our_apostrophe

COLUMNS = ("rule", *dict.fromkeys(name for table in MAPPING_TABLES for name in table.fields))
MOST_ROWS, MOST_BYTES = 5000, 1_000_000
BY_NAME = {table.name: table for table in MAPPING_TABLES}


class UnreadableRulesError(Exception):
    """The file as a whole cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFault:
    row: int
    column: str
    text: str


@dataclass(slots=True)
class RulesPlan:
    """`news`: row number and sentence; what is the same as here is only counted."""

    rows: list[tuple[RuleTable, Row]] = field(default_factory=list)
    news: list[tuple[int, str]] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)
    same: int = 0


def write_rules_file(rules: RuleSet) -> bytes:
    """CSV in UTF-8 with its mark; no cell runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for table in MAPPING_TABLES:
        for row in rules[table.name]:
            cells = {"rule": table.name, **row}
            writer.writerow([safe_for_spreadsheet(cells.get(name, "")) for name in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def plan_rules_file(content: bytes, *, standing: RuleSet, rules: OrganisationRules, known: KnownCodes) -> RulesPlan:
    """Rules that the file does not name stay as they are. Raises UnreadableRulesError."""
    plan, seen = RulesPlan(), set()
    here = {(table.name, table.key_of(row)): row for table in MAPPING_TABLES for row in standing[table.name]}
    for number, cells in _rows(content):
        table = BY_NAME.get(cells.get("rule", ""))
        if table is None:
            kinds = ", ".join(BY_NAME)
            plan.faults.append(FileFault(row=number, column="rule", text=f"Write one of: {kinds}."))
            continue
        row = {name: cells.get(name, "") for name in table.fields}
        key = (table.name, table.key_of(row))
        if key in seen:
            plan.faults.append(FileFault(row=number, column="rule", text="An earlier row says something of the same."))
            continue
        seen.add(key)
        if here.get(key) == row:
            plan.same += 1
            continue
        found = row_faults(rules, known, table, row)
        plan.faults += [FileFault(row=number, column=words(fault.field), text=fault.text) for fault in found]
        plan.rows.append((table, row))
        plan.news.append((number, _news(table, row, here.get(key))))
    return plan


def put_planned(connection: XeroConnection, plan: RulesPlan) -> None:
    """Within `change_rules`."""
    for table, row in plan.rows:
        put_row(connection, table, row)


def _news(table: RuleTable, row: Row, before: Row | None) -> str:
    said = ", ".join(f"{words(name)} {row[name]}" for name in table.values if row[name]) or "nothing"
    if before is None:
        return f"{row_words(table, row)} is new: {said}."
    was = ", ".join(f"{words(name)} {before[name]}" for name in table.values if before[name]) or "nothing"
    return f"{row_words(table, row)}: {was} → {said}."


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    if len(content) > MOST_BYTES:
        raise UnreadableRulesError("The file is larger than 1 MB. Rules do not take so much.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableRulesError("The file is not UTF-8. Save it as “CSV UTF-8”.") from error
    try:
        lines = list(csv.reader(io.StringIO(text.replace("\0", ""))))
    except csv.Error as error:
        raise UnreadableRulesError(f"The file is no CSV: {error}.") from error
    header = [name.strip().lower().replace(" ", "_") for name in lines[0]] if lines else []
    unknown = [name for name in header if name not in COLUMNS]
    if "rule" not in header or unknown:
        wrong = f"There is no column {unknown[0]}." if unknown else "There is no column “rule” in the first row."
        raise UnreadableRulesError(f"{wrong} Take the file that you can download here as a pattern.")
    if len(lines) > MOST_ROWS:
        raise UnreadableRulesError(f"The file has more than {MOST_ROWS} rows.")
    named = [(number, _cells(header, line)) for number, line in enumerate(lines[1:], start=2)]
    return [(number, cells) for number, cells in named if any(cells.values())]


def _cells(header: list[str], line: list[str]) -> dict[str, str]:
    return {name: without_our_apostrophe(cell.strip()) for name, cell in zip(header, line, strict=False)}

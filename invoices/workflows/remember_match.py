"""Keeps a column match for the next file with the same header."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

from invoices.intake.column_match import MatchRules, write_rules
from invoices.intake.header_row import header_fingerprint
from invoices.models import ColumnMatch

LONGEST_NAME = 100


def remember_match(rules: MatchRules, *, header: Sequence[str], name: str, now: datetime) -> ColumnMatch:
    """The match of this header is replaced; a new one is called `name`, or as near to it as is free."""
    fingerprint = header_fingerprint(header)
    match = recall_match(header)
    if match is None:
        match = ColumnMatch(name=_free_name(PurePath(name).stem), header_fingerprint=fingerprint)
    match.rules, match.used_at = write_rules(rules), now
    match.save()
    return match


def recall_match(header: Sequence[str]) -> ColumnMatch | None:
    """The one that files with this header were last matched by."""
    same = ColumnMatch.objects.filter(header_fingerprint=header_fingerprint(header))
    return same.order_by("-used_at", "-id").first()


def _free_name(wanted: str) -> str:
    taken = set(ColumnMatch.objects.values_list("name", flat=True))
    wanted = wanted[: LONGEST_NAME - 5] or "Column match"
    names = [wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)

"""Who changed a rule last, and when, by whichever way: from the sentences of the versions."""

from dataclasses import dataclass
from datetime import datetime

from integrations.mapping.rule_rows import row_told_of
from integrations.models import RulesVersion, XeroConnection

# What was changed longer ago than so many versions is shown as unknown, so that a page stays quick for ever.
READ_VERSIONS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    by: str
    at: datetime


def last_changes(connection: XeroConnection) -> dict[str, LastChange]:
    """By the words of the rule's row. One query, in the tenant's scope."""
    newest = RulesVersion.objects.filter(connection=connection).order_by("-number")
    found: dict[str, LastChange] = {}
    for by, at, changes in newest.values_list("by", "at", "changes")[:READ_VERSIONS]:
        for sentence in changes:
            found.setdefault(row_told_of(sentence), LastChange(by=by, at=at))
    return found

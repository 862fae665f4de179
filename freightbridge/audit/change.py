"""A field that a person changed, as it was and as it is, in words."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


def details_of(changes: Iterable[Change]) -> dict[str, dict[str, str]]:
    """As an audit event keeps them."""
    return {change.field: {"before": change.before, "after": change.after} for change in changes}

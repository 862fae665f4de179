"""Tabs that stand in the address."""

from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """`count` as it is shown; None: the tab counts nothing. `reason`: why this person may not open it; empty: may."""

    label: str
    address: str
    is_current: bool
    count: str | None = None
    reason: str = ""


def query_without(parameters: QueryDict, *names: str) -> str:
    """The query string without these parameters and without empty ones, ending in & where anything is left."""
    kept = parameters.copy()
    for name in list(kept):
        if name in names or not any(kept.getlist(name)):
            del kept[name]
    return f"{kept.urlencode()}&" if kept else ""

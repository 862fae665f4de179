"""What a saved view keeps of the shipment list's address, and what an address names that the list does not know."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import QueryDict

from invoices.web.shipment_filters import ShipmentFilters
from invoices.web.shipment_tabs import TABS

STATE = "state"
# Where in the list somebody is, what he saw a moment ago, and since when things are new to him: no part of a view.
PASSING = {"after", "before", "kept", "new_since"}


def view_query(parameters: QueryDict, filters: ShipmentFilters) -> str:
    """The tab and the filters that are filled in and understood, always in the same order; empty: everything."""
    refused = set(filters.form.errors) | PASSING
    kept = [(name, _text(parameters, name)) for name in filters.filters if name not in refused]
    state = _text(parameters, STATE)
    return urlencode([(name, text) for name, text in [(STATE, state if _is_tab(state) else ""), *kept] if text])


def left_out(parameters: QueryDict, filters: ShipmentFilters) -> list[str]:
    """A sentence for each part that the list does without: an old view may name what is gone."""
    return [
        f"{label} “{text}” is left out: the list does not know it." for label, text in _unknown(parameters, filters)
    ]


def _unknown(parameters: QueryDict, filters: ShipmentFilters) -> Iterator[tuple[str, str]]:
    for name in parameters:
        text = _text(parameters, name)
        if name in filters.filters:
            if name in filters.form.errors:
                yield str(filters.filters[name].label), text
        elif name == STATE:
            if text and not _is_tab(text):
                yield "State", text
        elif text and name not in PASSING:
            yield "Filter", f"{name}={text}"


def _is_tab(name: str) -> bool:
    return any(tab.name == name for tab in TABS)


def _text(parameters: QueryDict, name: str) -> str:
    return str(parameters.get(name, "")).strip()

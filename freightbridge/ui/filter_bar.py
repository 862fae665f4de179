"""The bar of filters above a list, drawn once for the same filters with the same values: mostly nothing is filtered."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.forms import Form
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

# Of each company a few that somebody looks at.
MOST = 500


@dataclass(frozen=True, slots=True)
class _Bar:
    """`shown`: all that its drawing depends on."""

    target: str
    label: str
    shown: tuple[Any, ...]
    form: Form = field(compare=False)


def draw_filter_bar(form: Form, *, target: str, label: str) -> SafeString:
    """`form`: of ListFilters, with what the address says; `target`: the id of the part that follows."""
    return _drawn(_Bar(target, label, (type(form), *(_shown(form, name) for name in form.fields)), form))


def _shown(form: Form, name: str) -> tuple[Any, ...]:
    widget = form.fields[name].widget
    return (
        name,
        form.data.get(name),
        getattr(widget, "offers", ""),
        tuple(getattr(widget, "choices", ())),
    )


@lru_cache(maxsize=MOST)
def _drawn(bar: _Bar) -> SafeString:
    values = {"form": bar.form, "target": bar.target, "label": bar.label}
    return render_to_string("components/filter_bar.html", values)

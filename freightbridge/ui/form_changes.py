"""What a person changed in a form, in words, for the history."""

from collections.abc import Iterator
from typing import Any

from django import forms

from freightbridge.audit.change import Change


def form_changes(form: forms.BaseForm, *rows: forms.BaseForm) -> list[Change]:
    """`rows`: of a form that has many; each is named by its number. Forms that were found valid."""
    of_rows = (change for count, row in enumerate(rows, 1) for change in _changes(row, f"Charge {count}: "))
    return [*_changes(form, ""), *of_rows]


def _changes(form: forms.BaseForm, prefix: str) -> Iterator[Change]:
    for name in form.changed_data:
        field = form.fields[name]
        before = _words(field, field.prepare_value(form.get_initial_for_field(field, name)))
        after = _words(field, _entered(form, name))
        label = field.label or name.replace("_", " ").capitalize()
        # `aud` for AUD is no change once it is cleaned.
        if before != after:
            yield Change(f"{prefix}{label}", before, after)


def _entered(form: forms.BaseForm, name: str) -> Any:
    """As it was cleaned, where that is a text; what became an object is told as it was entered."""
    cleaned = form.cleaned_data.get(name)
    return cleaned if isinstance(cleaned, (str, list)) else form[name].data


def _words(field: forms.Field, value: Any) -> str:
    """A choice by its label, since its value may be a key that says nothing; a tick as yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return ", ".join(_words(field, one) for one in value)
    choices = dict(getattr(field, "choices", []))
    return str(choices.get(value, choices.get(_as_key(value), value)))


def _as_key(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value

"""A list to choose from by typing, which also shows what cannot be chosen; type_ahead.js does the typing."""

from collections.abc import Iterable
from typing import Any

from django import forms


class TypeAheadSelect(forms.Select):
    """`refused`: value and label with the reason. They are no choices: a form that is sent one refuses it."""

    refused: Iterable[tuple[str, str]] = ()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.attrs |= {"data-type-ahead": True}

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        closed = [
            {**self.create_option(name, code, label, selected=False, index=number), "attrs": {"disabled": True}}
            for number, (code, label) in enumerate(self.refused)
        ]
        return [*groups, ("Cannot be chosen", closed, len(groups))] if closed else groups

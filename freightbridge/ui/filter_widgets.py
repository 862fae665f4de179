"""Widgets of filter bars, small and alike."""

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.forms.widgets import Input
from django.template import loader
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

SELECTED = mark_safe(" selected")


class FilterSelect(forms.Select):
    """Draws itself: Django draws each choice with two templates, which took longer than the rows of the list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(attrs={"class": "form-select filter-choice"}, **options)

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,  # noqa: ARG002 Django names it
    ) -> SafeString:
        options = _options(tuple(self.choices), *self.format_value(value))
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


@lru_cache(maxsize=200)
def _options(choices: tuple[tuple[Any, Any], ...], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((choice, SELECTED if str(choice) == chosen else "", label) for choice, label in choices),
    )


class DrawnInput(Input):
    """Draws itself, as `FilterSelect` does."""

    def _render(
        self, _template_name: str, context: dict[str, Any], _renderer: BaseRenderer | None = None
    ) -> SafeString:
        widget = context["widget"]
        value = {} if widget["value"] is None else {"value": widget["value"]}
        attributes = {"type": widget["type"], "name": widget["name"]} | value | widget["attrs"]
        return format_html("<input{}>", flatatt(attributes))


class FilterText(DrawnInput, forms.TextInput):
    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control filter-choice"})


class FilterDate(DrawnInput, forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control filter-choice"}, format="%Y-%m-%d")


class SearchInput(DrawnInput, forms.TextInput):
    input_type = "search"

    def __init__(self, *, placeholder: str) -> None:
        super().__init__(attrs={"class": "form-control", "placeholder": placeholder, "autocomplete": "off"})


class OfferingInput(forms.TextInput):
    """
    A field that offers what could be meant, from a page that answers with `<option>`s.

    `offers`: the address of that page, set by the form that knows the company.
    """

    template_name = "components/offering_input.html"
    offers = ""

    def __init__(self, *, filters: bool = False) -> None:
        classes = "form-control filter-choice" if filters else "form-control"
        super().__init__(attrs={"class": classes, "autocomplete": "off"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["offers"] = self.offers
        return context

    def _render(self, template_name: str, context: dict[str, Any], _renderer: BaseRenderer | None = None) -> SafeString:
        """By the project's templates; Django's own renderer knows only those of its forms."""
        return mark_safe(loader.render_to_string(template_name, context))  # noqa: S308 a template escapes by itself

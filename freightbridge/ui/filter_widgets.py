"""Widgets of filter bars, small and alike."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.template import loader
from django.utils.safestring import SafeString, mark_safe


class FilterSelect(forms.Select):
    def __init__(self, **options: Any) -> None:
        super().__init__(attrs={"class": "form-select filter-choice"}, **options)


class FilterDate(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control filter-choice"}, format="%Y-%m-%d")


class SearchInput(forms.TextInput):
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

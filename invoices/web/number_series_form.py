"""The form of one number series: what would meet a number that was given here, or that Xero holds, is no good."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from integrations.models import NumberCheck
from invoices.domain.held_numbers import (
    MOST_FIGURES,
    HeldRun,
    Start,
    first_met,
    from_json,
    highest,
    is_figures,
    runs_of,
)
from invoices.models import Invoice, NumberSeries

# Printable, and without what would end a text in Xero's filter.
PLAIN = re.compile(r"[A-Za-z0-9 ._/#&()+-]+")
LAST_SIGN = "\x7f"


class SeriesForm(forms.ModelForm):
    """`checks`: what is known of the numbers in Xero, with their organisations."""

    next_number = forms.IntegerField(label="Next number", min_value=1, max_value=10**MOST_FIGURES - 1)
    digits = forms.IntegerField(
        label="Figures at the least", min_value=1, max_value=MOST_FIGURES, help_text="With 5, the first is 00001."
    )

    class Meta:
        model = NumberSeries
        fields = ["prefix", "next_number", "digits"]
        labels = {"prefix": "Prefix"}
        help_texts = {"prefix": "What every number of the series begins with, such as INV- or 2026/."}

    def __init__(self, *arguments: Any, checks: Iterable[NumberCheck] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._checks = list(checks)

    def clean_prefix(self) -> str:
        prefix: str = self.cleaned_data["prefix"]
        if not PLAIN.fullmatch(prefix):
            raise forms.ValidationError("Plain letters, figures, spaces and . _ / # & ( ) + - only.")
        for other in NumberSeries.objects.exclude(pk=self.instance.pk).values_list("prefix", flat=True):
            if is_same_beginning(prefix, other):
                raise forms.ValidationError(f"Another series begins with {other}: their numbers could be the same.")
        return prefix

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"prefix", "next_number", "digits"} <= set(cleaned):
            self._refuse_held(cleaned["prefix"], Start(cleaned["next_number"], cleaned["digits"]))
        return cleaned

    def _refuse_held(self, prefix: str, start: Start) -> None:
        given = runs_of(_given_here(self.instance, prefix), prefix=prefix)
        self._refuse_met(given, prefix, start, "was given here already")
        for check in self._checks:
            if check.prefix == prefix:
                self._refuse_met(from_json(check.held), prefix, start, f"stands in {check.connection.name} already")

    def _refuse_met(self, runs: list[HeldRun], prefix: str, start: Start, where: str) -> None:
        met, top = first_met(runs, start), highest(runs)
        if met is not None and top is not None:
            text, behind = Start(met, start.figures).text(prefix), Start(top.number + 1, start.figures).text(prefix)
            self.add_error("next_number", f"{text} {where}. Begin at {behind}.")


def is_same_beginning(one: str, other: str) -> bool:
    """Also where one goes on with figures: INV-1 and 0001 is what INV- and 10001 is."""
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return long == short or (long.startswith(short) and is_figures(long[len(short) :]))


def _given_here(series: NumberSeries, prefix: str) -> Iterable[str]:
    numbered = Invoice.objects.filter(billing_entity=series.billing_entity_id, number__gte=prefix)
    return numbered.filter(number__lt=f"{prefix}{LAST_SIGN}").values_list("number", flat=True)

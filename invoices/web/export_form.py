"""What a person asks of a file for Xero."""

from typing import Any

from django import forms

from integrations.models.export_file import ExportChoice, ExportKind
from invoices.workflows.choose_exports import ExportWanted


class ExportForm(forms.Form):
    kind = forms.ChoiceField(
        label="Documents", choices=ExportKind, initial=ExportKind.SALES,
        error_messages={"invalid_choice": "Choose sales invoices or bills."},
    )  # fmt: skip
    choice = forms.ChoiceField(
        label="Which ones", choices=ExportChoice, initial=ExportChoice.NEW,
        error_messages={"invalid_choice": "Choose the new ones, or all of a range of dates."},
    )  # fmt: skip
    from_date = forms.DateField(
        label="Dated from", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Dated from: that is no date."},
    )  # fmt: skip
    to_date = forms.DateField(
        label="Dated to", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Dated to: that is no date."},
    )  # fmt: skip
    takes_ready = forms.BooleanField(label="Invoice the shipments that are ready, too", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("from_date"), cleaned.get("to_date")
        if self.errors:
            return cleaned
        if cleaned.get("choice") == ExportChoice.RANGE and not (start and end):
            self.add_error("to_date", "A range needs both dates.")
        elif start and end and start > end:
            self.add_error("to_date", "Dated to lies before dated from.")
        return cleaned

    def wanted(self) -> ExportWanted:
        """Of a valid form."""
        data = self.cleaned_data
        return ExportWanted(
            kind=ExportKind(data["kind"]),
            choice=ExportChoice(data["choice"]),
            from_date=data["from_date"],
            to_date=data["to_date"],
            takes_ready=data["takes_ready"],
        )

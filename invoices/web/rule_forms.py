"""The forms of rules: what can be chosen is offered, and what Xero would refuse is said at its field."""

from typing import Any

from django import forms

from freightbridge.ui.type_ahead import TypeAheadSelect
from integrations.mapping.choose_tracking import DIMENSIONS
from integrations.mapping.rule_rows import LINES, TAX_PLACES, TRACKING, Row, RuleTable
from integrations.mapping.rules import OrganisationRules
from integrations.reference_data.check_rule_row import KnownCodes, row_faults
from integrations.web.account_choices import account_choices, refused_accounts
from invoices.models import ChargeCode, TaxCode

SIDES = [("sales", "Sales"), ("purchases", "Purchases")]
ANY = ("", "Any")
Choices = list[tuple[str, Any]]


def known_codes() -> KnownCodes:
    return KnownCodes(
        charge_codes=frozenset(ChargeCode.objects.values_list("code", flat=True)),
        tax_rates={one.code: f"{one.rate.normalize():f}" for one in TaxCode.objects.all()},
    )


def chosen(
    label: str, help_text: str = "", *, is_required: bool = False, widget: type[forms.Select] = TypeAheadSelect
) -> forms.CharField:
    """A list to choose from; what is not on it is explained by the check of the row, not refused in general."""
    return forms.CharField(label=label, required=is_required, widget=widget, help_text=help_text)


class RuleForm(forms.Form):
    """`row` is the rule as it is entered."""

    table: RuleTable

    def __init__(self, *arguments: Any, rules: OrganisationRules, known: KnownCodes, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.rules, self.known = rules, known
        for name, choices in self.choices().items():
            self.fields[name].widget.choices = choices

    def choices(self) -> dict[str, Choices]:
        raise NotImplementedError

    @property
    def row(self) -> Row:
        return {name: str(self.cleaned_data.get(name, "")).strip() for name in self.table.fields}

    def clean(self) -> dict[str, Any]:
        for fault in row_faults(self.rules, self.known, self.table, self.row) if not self.errors else ():
            self.add_error(fault.field if fault.field in self.fields else None, fault.text)
        return self.cleaned_data

    def _codes(self) -> Choices:
        return [ANY, *((code, code) for code in sorted(self.known.charge_codes))]


class LineForm(RuleForm):
    table = LINES
    side = chosen("Side", is_required=True, widget=forms.Select)
    charge_code = chosen("Charge code")
    cost_centre = forms.CharField(label="Cost centre", required=False, max_length=60, help_text="Empty: any.")
    account_code = chosen("Ledger account", "Empty: as the less specific lines have it.")
    tax_type = chosen("Tax rate", "Used where it is of the charge's per cent; empty: that of the tax code.")
    item_code = chosen("Item")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["account_code"].widget.refused = refused_accounts(self.rules, sides=tuple(dict(SIDES)))

    def choices(self) -> dict[str, Choices]:
        rates = [rate for rate in self.rules.tax_rates.values() if rate.is_active]
        labels = sorted((rate.name, rate.tax_type, f"{rate.rate.normalize():f} %") for rate in rates)
        return {
            "side": SIDES,
            "charge_code": self._codes(),
            "account_code": [("", "—"), *((label, account_choices(self.rules, side=side)) for side, label in SIDES)],
            "tax_type": [("", "—"), *((tax_type, f"{name} ({rate})") for name, tax_type, rate in labels)],
            "item_code": [("", "—"), *((code, code) for code in sorted(self.rules.items))],
        }


class TaxPlaceForm(RuleForm):
    table = TAX_PLACES
    side = chosen("Side", is_required=True, widget=forms.Select)
    place = forms.CharField(
        label="Customer's country", max_length=10, help_text="home, abroad, or a country's two letters, such as NZ."
    )
    charge_code = chosen("Charge code")
    tax_code = chosen("Tax code", is_required=True)

    def choices(self) -> dict[str, Choices]:
        codes = [(code, f"{code} ({rate} %)") for code, rate in sorted(self.known.tax_rates.items())]
        return {"side": SIDES, "charge_code": self._codes(), "tax_code": [("", "—"), *codes]}

    def clean_place(self) -> str:
        place = str(self.cleaned_data["place"]).strip()
        return place.upper() if len(place) == len("NZ") else place.lower()


class TrackingForm(RuleForm):
    table = TRACKING
    dimension = chosen("Where", is_required=True, widget=forms.Select)
    value = forms.CharField(label="is", required=False, max_length=210, help_text="A lane is written AUSYD-NZAKL.")
    pair = chosen("Tracking option", is_required=True)

    def choices(self) -> dict[str, Choices]:
        pairs = sorted(f"{one.category}: {one.option}" for one in self.rules.tracking_options)
        return {
            "dimension": [(name, name.capitalize()) for name in DIMENSIONS],
            "pair": [("", "—"), *((pair, pair) for pair in pairs)],
        }

    @property
    def row(self) -> Row:
        category, _, option = str(self.cleaned_data.get("pair", "")).partition(": ")
        value = str(self.cleaned_data.get("value", "")).strip()
        dimension = str(self.cleaned_data.get("dimension", ""))
        return {"category": category, "dimension": dimension, "value": value, "option": option}

"""The form of the sending rules."""

from typing import Any

from django import forms

from freightbridge.ui.type_ahead import TypeAheadSelect
from integrations.mapping.reference_text import FIELDS, ReferenceTemplateError, check_template
from integrations.mapping.rules import OrganisationRules
from integrations.models import ConnectionSettings, ReferenceRecord
from integrations.models.reference_record import ReferenceKind
from integrations.web.account_choices import account_choices, refused_accounts

NONE = [("", "None")]


class SendingRulesForm(forms.ModelForm):
    """`rules`: the organisation's, for the accounts that Xero would take."""

    branding_theme_id = forms.ChoiceField(label="Branding theme", required=False)
    default_sales_account = forms.ChoiceField(label="Default account for sales", required=False, widget=TypeAheadSelect)
    default_purchase_account = forms.ChoiceField(
        label="Default account for purchases", required=False, widget=TypeAheadSelect
    )

    class Meta:
        model = ConnectionSettings
        fields = [
            "document", "sides",
            "target_status", "customer_key", "unknown_customer", "send_customer_reference", "reference_template",
            "attach_pdf", "show_pdf_online", "branding_theme_id", "default_sales_account", "default_purchase_account",
            "items", "check_payments_minutes",
        ]  # fmt: skip
        labels = {
            "document": "A shipment becomes",
            "sides": "Sent of a shipment",
            "target_status": "Documents arrive in Xero as",
            "customer_key": "The customer is",
            "unknown_customer": "A customer that Xero does not know",
            "send_customer_reference": "Send customer reference",
            "reference_template": "Reference",
            "attach_pdf": "Attach our PDF",
            "items": "Item of a line",
            "show_pdf_online": "Show the PDF to the customer online",
            "check_payments_minutes": "Check payments every … minutes",
        }
        help_texts = {
            "document": "A shipment may say otherwise for itself.",
            "sides": "A bill for each supplier's invoice. Whoever sends can choose otherwise for one send.",
            "reference_template": f"Fields: {', '.join(f'{{{name}}}' for name in FIELDS)}. Xero keeps 255 characters: "
            "of a longer list the first that fit stand there, and how many more there are.",
            "send_customer_reference": "Off: the numbers of the shipments are sent instead.",
            "check_payments_minutes": "While something is open in Xero; otherwise once a day.",
        }

    def __init__(self, *arguments: Any, rules: OrganisationRules, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._offer("branding_theme_id", [("", "The organisation's own"), *_themes(self.instance)])
        for name, side in (("default_sales_account", "sales"), ("default_purchase_account", "purchases")):
            self._offer(name, NONE + account_choices(rules, side=side))
            self.fields[name].widget.refused = refused_accounts(rules, sides=(side,))
        self.fields["check_payments_minutes"].widget.attrs |= {"min": 1, "max": 1440}

    def clean_reference_template(self) -> str:
        template = str(self.cleaned_data["reference_template"]).strip()
        try:
            check_template(template)
        except ReferenceTemplateError as error:
            raise forms.ValidationError(str(error)) from error
        return template

    def clean_branding_theme_id(self) -> str | None:
        return self.cleaned_data["branding_theme_id"] or None

    def clean_check_payments_minutes(self) -> int:
        minutes = int(self.cleaned_data["check_payments_minutes"])
        if not 1 <= minutes <= 24 * 60:
            raise forms.ValidationError("Between 1 and 1440 minutes.")
        return minutes

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What was chosen before stays to be seen, even if Xero lists it no more."""
        field = self.fields[name]
        chosen = str(getattr(self.instance, name) or "")
        is_gone = chosen and chosen not in dict(choices)
        if isinstance(field, forms.ChoiceField):
            field.choices = [*choices, (chosen, f"{chosen} (not in Xero any more)")] if is_gone else choices


def _themes(settings: ConnectionSettings) -> list[tuple[str, str]]:
    themes = ReferenceRecord.objects.filter(
        connection=settings.connection_id, kind=ReferenceKind.BRANDING_THEME, is_active=True
    )
    return list(themes.order_by("name").values_list("key", "name"))

"""The forms of shipments, their charges and customers."""

import re
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import Field, ForeignKey
from django.forms import modelformset_factory

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import current_tenant_id
from freightbridge.transactions import wait_for_others
from freightbridge.ui.filter_widgets import OfferingInput
from freightbridge.ui.page_address import page_address
from invoices.domain.reference_list import KINDS
from invoices.models import ChargeCode, Customer, Shipment, ShipmentCharge, TaxCode
from invoices.models.shipment import ShipmentDocument

CURRENCY = re.compile(r"[A-Z]{3}")
MOST_PERCENT = 100
BETWEEN_REFERENCES = re.compile(r"[,;\n]+")


class CustomerField(forms.CharField):
    """A customer by code; the browser offers those that fit what is typed."""

    widget = OfferingInput

    def clean(self, value: Any) -> Any:
        code = str(super().clean(value)).strip()
        if not code:
            return None
        found = Customer.objects.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(f"There is no customer with the code {code}.")
        return found


class ReferencesField(forms.CharField):
    """Several references of one kind, with commas between."""

    def clean(self, value: Any) -> Any:
        words = BETWEEN_REFERENCES.split(str(super().clean(value)))
        return [word.strip() for word in words if word.strip()]


class DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ShipmentForm(forms.ModelForm):
    """All that an invoice needs (F31). What is missing is saved all the same: the shipment is then not ready."""

    customer = CustomerField(label="Bill to (customer code)", required=False)
    consignee = CustomerField(label="Consignee", required=False)
    buyer = CustomerField(label="Buyer", required=False)
    po = ReferencesField(label="Purchase orders", required=False)
    quote = ReferencesField(label="Quotes", required=False)
    bl = ReferencesField(label="Bills of lading", required=False)
    awb = ReferencesField(label="Air waybills", required=False)
    container = ReferencesField(label="Containers", required=False)
    etd_date = DateField(label="ETD", required=False)
    eta_date = DateField(label="ETA", required=False)
    delivery_date = DateField(label="Delivered", required=False)

    class Meta:
        model = Shipment
        fields = [
            "number", "job_type", "status", "shipper_name", "customer_reference", "exporter_reference", "mode",
            "origin", "destination", "incoterm", "branch", "department", "goods", "weight_kg", "declared_value",
            "etd_date", "eta_date", "delivery_date", "currency", "exchange_rate", "document",
        ]  # fmt: skip
        labels = {
            "number": "Shipment number",
            "status": "Status in the TMS",
            "weight_kg": "Weight in kg",
            "declared_value": "Value of the goods",
            "document": "It becomes",
        }

    def __init__(self, *arguments: Any, tenant: Tenant, **options: Any) -> None:
        shipment: Shipment | None = options.get("instance")
        options["initial"] = {**_initial(shipment), **options.get("initial", {})} if shipment else {}
        super().__init__(*arguments, **options)
        tidy_decimals(self)
        self.fields["document"].choices = [("", "By the sending rules"), *ShipmentDocument.choices]  # type: ignore[attr-defined]
        for name in ("customer", "consignee", "buyer"):
            widget = self.fields[name].widget
            if isinstance(widget, OfferingInput):
                widget.offers = page_address(tenant, "customer_offers")

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip()
        wait_for_others(f"shipment {number}", of=current_tenant_id())
        if Shipment.objects.filter(number=number).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"There is a shipment {number} already.")
        return number

    def clean_currency(self) -> str:
        return clean_currency(self.cleaned_data["currency"])

    def clean_incoterm(self) -> str:
        return str(self.cleaned_data["incoterm"]).strip().upper()

    def filled(self) -> Shipment:
        """The shipment as the form has it, not saved yet."""
        shipment = self.instance
        shipment.bill_to = self.cleaned_data["customer"]
        shipment.consignee = self.cleaned_data["consignee"]
        shipment.buyer = self.cleaned_data["buyer"]
        edited = {kind: self.cleaned_data[kind] for kind in KINDS if kind in self.cleaned_data}
        shipment.references = {kind: values for kind, values in {**shipment.references, **edited}.items() if values}
        return shipment


def _without_rows(field: Field, **options: Any) -> forms.Field | None:
    """A key's choices are rows of the tenant, which are known only inside its scope: such fields are declared."""
    return None if isinstance(field, ForeignKey) else field.formfield(**options)


class ChargeForm(forms.ModelForm):
    charge_code: forms.ModelChoiceField = forms.ModelChoiceField(None, required=False)
    tax_code: forms.ModelChoiceField = forms.ModelChoiceField(None, required=False)
    supplier = CustomerField(required=False)

    class Meta:
        model = ShipmentCharge
        formfield_callback = _without_rows
        fields = [
            "side", "charge_code", "description", "quantity", "unit_price", "discount_percent", "tax_code",
            "cost_centre", "reference", "supplier", "supplier_number",
        ]  # fmt: skip
        labels = {"supplier_number": "Number of the supplier's invoice"}

    def __init__(self, *arguments: Any, tenant: Tenant, **options: Any) -> None:
        super().__init__(*arguments, **options)
        supplier: Customer | None = self.instance.supplier
        self.initial["supplier"] = supplier.code if supplier else ""
        cast("OfferingInput", self.fields["supplier"].widget).offers = page_address(tenant, "customer_offers")
        tidy_decimals(self)
        _choice(self.fields["charge_code"]).queryset = ChargeCode.objects.order_by("code")
        _choice(self.fields["tax_code"]).queryset = TaxCode.objects.order_by("code")
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            # What is missing is saved all the same: the shipment is then not ready, and says so.
            field.required = False
            field.widget.attrs["aria-label"] = str(field.label or name.replace("_", " ").capitalize())

    def clean_discount_percent(self) -> Any:
        discount = self.cleaned_data["discount_percent"] or 0
        if not 0 <= discount <= MOST_PERCENT:
            raise forms.ValidationError("A discount is from 0 to 100.")
        return discount


ChargeFormSet = modelformset_factory(ShipmentCharge, form=ChargeForm, extra=0, can_delete=True)


def charge_forms(data: Any, *, shipment: Shipment, tenant: Tenant) -> Any:
    """What is billed already may be changed too; what was sent of it changes only when somebody sends the change."""
    charges = ShipmentCharge.objects.filter(shipment=shipment.pk).select_related("invoice", "quote", "supplier")
    return ChargeFormSet(data, queryset=charges.order_by("id"), prefix="charges", form_kwargs={"tenant": tenant})


class CustomerForm(forms.ModelForm):
    tax_code: forms.ModelChoiceField = forms.ModelChoiceField(
        None,
        label="Tax code",
        required=False,
        to_field_name="code",
        empty_label="By country and charge code",
        help_text="Where one is chosen, it decides before every rule.",
    )

    class Meta:
        model = Customer
        formfield_callback = _without_rows
        fields = [
            "code", "name", "email", "tax_number", "street", "city", "region", "postal_code", "country", "currency",
            "payment_terms_days", "grouping", "own_sending", "tax_code", "customer_group", "is_supplier",
        ]  # fmt: skip
        labels = {
            "code": "Customer code",
            "payment_terms_days": "Payment terms in days",
            "grouping": "What goes onto one invoice",
            "own_sending": "Goes by itself",
            "is_supplier": "We also buy from this party",
        }
        help_texts = {
            "code": "It is the account number of the contact in Xero.",
            "country": "Two letters, or the name.",
            "currency": "Three letters; empty: that of each shipment.",
            "payment_terms_days": "Empty: those of the billing entity.",
            "customer_group": "Tracking rules may go by it.",
            "own_sending": "The rules stand under Settings, When shipments go.",
        }
        widgets = {"street": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.initial["tax_code"] = self.instance.tax_code.code if self.instance.tax_code else ""
        self.fields["tax_code"].queryset = TaxCode.objects.order_by("code")  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        wait_for_others(f"customer {code}", of=current_tenant_id())
        if Customer.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"There is a customer {code} already.")
        return code

    def clean_currency(self) -> str:
        return clean_currency(self.cleaned_data["currency"])


def clean_currency(text: str) -> str:
    code = text.strip().upper()
    if code and not CURRENCY.fullmatch(code):
        raise forms.ValidationError("A currency has three letters, such as AUD.")
    return code


def tidy_decimals(form: forms.BaseModelForm) -> None:
    """1.0000 as 1: what a person types, not what a column holds."""
    for name, value in form.initial.items():
        if isinstance(value, Decimal):
            form.initial[name] = Decimal(f"{value.normalize():f}")


def _initial(shipment: Shipment) -> dict[str, str]:
    parties = {"customer": shipment.bill_to, "consignee": shipment.consignee, "buyer": shipment.buyer}
    codes = {name: party.code if party else "" for name, party in parties.items()}
    return {**codes, **{kind: ", ".join(values) for kind, values in shipment.references.items()}}


def _choice(field: forms.Field) -> forms.ModelChoiceField:
    return cast("forms.ModelChoiceField", field)

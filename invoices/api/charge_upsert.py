"""The charges that the API keeps on a shipment: told apart by the caller's own ids, checked by the page's form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from freightbridge.rest.json_shapes import FieldError
from freightbridge.tenancy.models import Tenant
from invoices.api.form_errors import form_errors
from invoices.api.freight_schemas import OWNED, as_form_data
from invoices.models import ChargeCode, Shipment, ShipmentCharge, TaxCode
from invoices.web.freight_forms import ChargeForm


class ChargeByCodeForm(ChargeForm):
    """The form of the page, with codes in the place of the browser's choices."""

    def __init__(self, data: dict[str, Any], *, instance: ShipmentCharge, tenant: Tenant) -> None:
        codes = {"charge_code": instance.charge_code, "tax_code": instance.tax_code}
        initial = {name: row.code if row else "" for name, row in codes.items()}
        super().__init__(data, instance=instance, initial=initial, tenant=tenant)
        for name, model in (("charge_code", ChargeCode), ("tax_code", TaxCode)):
            error = f"There is no {model._meta.verbose_name} “{data[name]}”."
            self.fields[name] = forms.ModelChoiceField(
                model.objects.order_by("code"),
                required=False,
                to_field_name="code",
                error_messages={"invalid_choice": error},
            )


@dataclass(slots=True)
class ChargeUpsert:
    """`kept`: forms of new and of changed charges. `removed`: no longer listed, and on no invoice."""

    kept: list[ChargeByCodeForm] = field(default_factory=list)
    removed: list[ShipmentCharge] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)


def charge_upsert(shipment: Shipment, listed: Sequence[dict[str, Any]], *, tenant: Tenant) -> ChargeUpsert:
    """In the tenant's scope; nothing is written."""
    found, standing = ChargeUpsert(), owned_charges(shipment)
    seen: set[str] = set()
    for position, values in enumerate(listed):
        at, given = f"/charges/{position}", dict(values)
        key = f"{OWNED}{given.pop('source_id')}"
        if key in seen:
            found.errors.append(FieldError(f"{at}/source_id", "Another charge of this shipment has the same."))
            continue
        seen.add(key)
        is_new = key not in standing
        charge = ShipmentCharge(source_key=key) if is_new else standing.pop(key)
        form = ChargeByCodeForm(as_form_data(given), instance=charge, tenant=tenant)
        found.errors += form_errors(form, at=at)
        is_changed = is_new or form.has_changed()
        if charge.invoice and is_changed:
            text = f"The charge is on invoice {charge.invoice} already, so it was not changed."
            found.errors.append(FieldError(at, text))
        elif is_changed:
            found.kept.append(form)
    found.removed = [charge for charge in standing.values() if charge.invoice is None]
    return found


def owned_charges(shipment: Shipment) -> dict[str, ShipmentCharge]:
    """By their keys, in the order in which they came."""
    if shipment.pk is None:
        return {}
    owned = ShipmentCharge.objects.filter(shipment=shipment, source_key__startswith=OWNED)
    rows = owned.select_related("charge_code", "tax_code", "invoice", "supplier").order_by("id")
    return {charge.source_key: charge for charge in rows}

"""Charge codes by the API."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.shortcuts import get_object_or_404

from freightbridge.access.api_scopes import Scope
from freightbridge.rest.endpoints import Answer, Call, Endpoint
from freightbridge.rest.list_page import PAGING, list_of, list_page
from freightbridge.rest.problem_details import invalid_input
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.keyset import Order
from invoices.api.form_errors import form_errors
from invoices.api.freight_schemas import CHARGE_CODE, as_form_data
from invoices.models import ChargeCode, TaxCode
from invoices.workflows.save_charge_code import save_charge_code

IN_ORDER = Order(("id",), falls=False)
TAXES = ("sales_tax_code", "purchase_tax_code")


class ChargeCodeForm(forms.ModelForm):
    class Meta:
        model = ChargeCode
        fields = ["code", "name"]

    def __init__(self, data: dict[str, Any], *, instance: ChargeCode) -> None:
        standing = {name: getattr(instance, name) for name in TAXES}
        super().__init__(
            data, instance=instance, initial={name: tax.code if tax else "" for name, tax in standing.items()}
        )
        for name in TAXES:
            self.fields[name] = forms.ModelChoiceField(
                TaxCode.objects.order_by("code"),
                required=False,
                to_field_name="code",
                error_messages={"invalid_choice": f"There is no tax code “{data[name]}”."},
            )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if ChargeCode.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"There is a charge code {code} already.")
        return code

    def filled(self) -> ChargeCode:
        for name in TAXES:
            setattr(self.instance, name, self.cleaned_data[name])
        return self.instance


def list_charge_codes(call: Call) -> Answer:
    rows = ChargeCode.objects.select_related(*TAXES)

    def shown(codes: Sequence[ChargeCode]) -> list[dict[str, Any]]:
        return [_told(code) for code in codes]

    return list_page(call, rows, order=IN_ORDER, path="/api/v1/charge-codes", shown=shown)


def create_charge_code(call: Call) -> Answer:
    return _save(call, ChargeCode())


def replace_charge_code(call: Call, public_id: UUID) -> Answer:
    found = ChargeCode.objects.select_for_update(of=("self",)).select_related(*TAXES)
    return _save(call, get_object_or_404(found, public_id=public_id))


def _save(call: Call, code: ChargeCode) -> Answer:
    form = ChargeCodeForm(as_form_data(call.body), instance=code)
    if not form.is_valid():
        raise invalid_input(list(form_errors(form)))
    save_charge_code(form.filled(), changes=form_changes(form), tenant=call.tenant, by=call.by, now=call.now)
    return Answer(body=_told(code), location=f"charge-codes/{code.public_id}")


def _told(code: ChargeCode) -> dict[str, Any]:
    taxes = {name: getattr(code, name) for name in TAXES}
    named = {name: tax.code if tax else "" for name, tax in taxes.items()}
    return {"id": str(code.public_id), "code": code.code, "name": code.name, **named}


CHARGE_CODE_ENDPOINTS = (
    Endpoint(
        method="GET", path="charge-codes", name="list_charge_codes", summary="List charge codes",
        scope=Scope.READ_FREIGHT, do=list_charge_codes, query=PAGING, answers=list_of(CHARGE_CODE), is_list=True,
    ),
    Endpoint(
        method="POST", path="charge-codes", name="create_charge_code", summary="Enter a charge code",
        scope=Scope.WRITE_FREIGHT, do=create_charge_code, body=CHARGE_CODE, answers=CHARGE_CODE,
        status=HTTPStatus.CREATED,
    ),
    Endpoint(
        method="PUT", path="charge-codes/<uuid:public_id>", name="replace_charge_code",
        summary="Change a charge code", scope=Scope.WRITE_FREIGHT, do=replace_charge_code, body=CHARGE_CODE,
        answers=CHARGE_CODE,
    ),
)  # fmt: skip

"""The fields of uploads, which know nothing of the models, fit them."""

import pytest
from django.db import models

from invoices.domain.reference_list import KINDS
from invoices.intake.choice_words import CHOICES, MEANINGS
from invoices.intake.freight_fields import CHARGE_FIELDS, REFERENCE_FIELDS, SHIPMENT_FIELDS, Field, Kind
from invoices.models import ChargeCode, Customer, Shipment, ShipmentCharge, SourceRow, TaxCode
from invoices.models.shipment import JobType, ShipmentStatus, TransportMode
from invoices.models.shipment_charge import Side
from invoices.workflows.shipment_values import CODES_OF_CHARGE, OF_CHARGE, PARTY_KEYS, PLAIN

COLUMNS: dict[str, tuple[type[models.Model], str]] = {
    **{name: (Shipment, name) for name in PLAIN},
    "number": (Shipment, "number"),
    "row_key": (SourceRow, "key"),
    **dict.fromkeys(PARTY_KEYS, (Customer, "code")),
    **{name.replace("_code", "_name"): (Customer, "name") for name in PARTY_KEYS},
}
CHARGE_COLUMNS: dict[str, tuple[type[models.Model], str]] = {
    **{name: (ShipmentCharge, name) for name in OF_CHARGE},
    "charge_code": (ChargeCode, "code"),
    "tax_code": (TaxCode, "code"),
    "supplier_code": (Customer, "code"),
    "supplier_name": (Customer, "name"),
}


def check_size(field: Field, column: models.Field) -> None:
    if field.kind is Kind.NUMBER:
        assert (field.whole_digits, field.places) == (column.max_digits - column.decimal_places, column.decimal_places)
    elif field.kind in {Kind.TEXT, Kind.CODE}:
        assert field.longest <= column.max_length


@pytest.mark.parametrize("name", sorted(SHIPMENT_FIELDS.keys() - set(REFERENCE_FIELDS)))
def test_field_of_a_shipment_fits_its_column(name: str) -> None:
    model, column = COLUMNS[name]

    check_size(SHIPMENT_FIELDS[name], model._meta.get_field(column))


@pytest.mark.parametrize("name", sorted(CHARGE_FIELDS.keys() - {"currency", "discount_percent"}))
def test_field_of_a_charge_fits_its_column(name: str) -> None:
    model, column = CHARGE_COLUMNS[name]

    check_size(CHARGE_FIELDS[name], model._meta.get_field(column))


def test_every_reference_has_a_kind_that_lists_know() -> None:
    assert set(REFERENCE_FIELDS) <= set(KINDS)


@pytest.mark.parametrize(
    ("field", "choices"),
    [("job_type", JobType), ("status", ShipmentStatus), ("mode", TransportMode), ("side", Side)],
)
def test_words_lead_to_all_choices_of_the_model(field: str, choices: type[models.TextChoices]) -> None:
    assert set(CHOICES[field]) == set(choices.values)
    assert {MEANINGS[field][choice] for choice in choices.values} == set(choices.values)


def test_no_word_means_two_things() -> None:
    for choices in CHOICES.values():
        words = [word for meant in choices.values() for word in meant]
        assert len(words) == len(set(words))


def test_every_code_of_a_charge_is_resolved() -> None:
    assert set(CODES_OF_CHARGE) <= set(CHARGE_FIELDS)

"""Reads what is known already about the shipments of a file's chunk: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models.functions import Lower

from invoices.intake.header_row import folded
from invoices.intake.known_freight import Known, StandingCharge, StandingShipment
from invoices.intake.row_content import RowContent, content_from_json
from invoices.intake.row_groups import PARTY_NAMES, FileGroups, RowGroup
from invoices.models import ChargeCode, Customer, Invoice, Shipment, ShipmentCharge, SourceRow, TaxCode
from invoices.models.invoice import InvoiceKind
from invoices.workflows.shipment_values import fields_of, fields_of_charge


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    By shipment number; `charges` by their key on the shipment. By folded code: customers with their tax codes, charge
    codes with theirs.
    """

    shipments: dict[str, Shipment]
    charges: dict[str, dict[str, ShipmentCharge]]
    values: dict[str, StandingShipment]
    known: Known
    customers: dict[str, Customer]
    codes: dict[str, ChargeCode]
    taxes: dict[str, TaxCode]


def load_standing(groups: Sequence[RowGroup], file: FileGroups, *, is_locked: bool) -> Standing:
    """`is_locked`: the shipments and charges stay as they are until the caller's transaction ends."""
    shipments = _shipments({group.number for group in groups if group.number}, is_locked=is_locked)
    numbers = {shipment.pk: number for number, shipment in shipments.items()}
    charges = _charges(numbers, is_locked=is_locked)
    rows = _rows(numbers)
    customers = {folded(one.code): one for one in _customers(groups)}
    codes = {folded(one.code): one for one in ChargeCode.objects.select_related("sales_tax_code", "purchase_tax_code")}
    taxes = {folded(one.code): one for one in TaxCode.objects.all()}
    return Standing(
        shipments=shipments,
        charges={number: {one.source_key: one for one in found if one.source_key} for number, found in charges.items()},
        values={number: _values(one, charges[number], rows[number]) for number, one in shipments.items()},
        known=_known(groups, file, customers, codes, taxes),
        customers=customers,
        codes=codes,
        taxes=taxes,
    )


def _shipments(numbers: Iterable[str], *, is_locked: bool) -> dict[str, Shipment]:
    found = Shipment.objects.filter(number__in=numbers).select_related("bill_to", "consignee", "buyer").order_by("id")
    locked = found.select_for_update(of=("self",)) if is_locked else found
    return {shipment.number: shipment for shipment in locked}


def _charges(numbers: dict[int, str], *, is_locked: bool) -> dict[str, list[ShipmentCharge]]:
    related = ("charge_code", "tax_code", "supplier", "invoice", "quote")
    rows = ShipmentCharge.objects.filter(shipment__in=numbers).select_related(*related).order_by("id")
    found: dict[str, list[ShipmentCharge]] = defaultdict(list)
    for charge in rows.select_for_update(of=("self",)) if is_locked else rows:
        found[numbers[charge.shipment_id]].append(charge)
    return found


def _rows(numbers: dict[int, str]) -> dict[str, dict[str, RowContent]]:
    found: dict[str, dict[str, RowContent]] = defaultdict(dict)
    rows = SourceRow.objects.filter(shipment__in=numbers).order_by("id")
    for shipment_id, key, content in rows.values_list("shipment_id", "key", "content"):
        found[numbers[shipment_id]][key] = content_from_json(content)
    return found


def _values(shipment: Shipment, charges: Sequence[ShipmentCharge], rows: dict[str, RowContent]) -> StandingShipment:
    return StandingShipment(
        fields=fields_of(shipment),
        rows=rows,
        charges={one.source_key: _standing_charge(one) for one in charges if one.source_key},
        has_other_charges=any(not one.source_key for one in charges),
    )


def _standing_charge(charge: ShipmentCharge) -> StandingCharge:
    return StandingCharge(values=fields_of_charge(charge), invoice=_in_words(charge.invoice or charge.quote))


def _in_words(invoice: Invoice | None) -> str:
    if invoice is None:
        return ""
    word = "quote" if invoice.kind == InvoiceKind.QUOTE else "invoice"
    return f"{word} {invoice.number}" if invoice.number else f"a draft {word}"


def _customers(groups: Sequence[RowGroup]) -> list[Customer]:
    rows = [keyed for group in groups for keyed in group.rows]
    values = chain(
        (keyed.row.fields for keyed in rows), (charge.values for keyed in rows for charge in keyed.charges.values())
    )
    codes = {str(found[name]).lower() for found in values for name in PARTY_NAMES if name in found}
    found = Customer.objects.annotate(lower_code=Lower("code")).filter(lower_code__in=codes)
    return list(found.select_related("tax_code").order_by("-id"))


def _known(
    groups: Sequence[RowGroup],
    file: FileGroups,
    customers: dict[str, Customer],
    codes: dict[str, ChargeCode],
    taxes: dict[str, TaxCode],
) -> Known:
    pointers = [amount.pointer for group in groups for keyed in group.rows for amount in keyed.row.pointed]
    # Asked one by one: the file may name very many.
    keys = {pointer.row_key for pointer in pointers if pointer.row_key and pointer.row_key not in file.row_keys}
    numbers = {pointer.shipment_number for pointer in pointers if not pointer.row_key}
    numbers = {number for number in numbers if number not in file.numbers}
    return Known(
        file=file,
        party_names={key: customer.name for key, customer in customers.items()},
        party_codes={key: customer.code for key, customer in customers.items()},
        charge_codes={key: one.code for key, one in codes.items()},
        tax_codes={key: one.code for key, one in taxes.items()},
        row_keys=frozenset(SourceRow.objects.filter(key__in=keys).values_list("key", flat=True)),
        numbers=frozenset(Shipment.objects.filter(number__in=numbers).values_list("number", flat=True)),
    )

"""Reads what is known already of the shipments, codes and suppliers that messages name: a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from invoices.domain.reference_list import KINDS
from invoices.intake.edi.match_references import NUMBER, ShipmentNames, spellings
from invoices.intake.edi.message_codes import KnownCodes, KnownSupplier, KnownTax
from invoices.intake.edi.plan_messages import MessageKnowledge, Part, keys_of
from invoices.intake.header_row import folded
from invoices.models import ChargeCode, ChargeCodeMatch, Customer, Shipment, SourceRow, TaxCode

SEARCH = "SELECT shipments_with_references(%s)"


def load_message_knowledge(parts: Sequence[Part], *, begun: Mapping[str, str] | None) -> MessageKnowledge:
    """`begun`: row → shipment number, of a dry run or an import that has begun. In the tenant's scope."""
    pinned = None if begun is None else {int(row): number for row, number in begun.items()}
    rows = SourceRow.objects.filter(key__in=keys_of(parts)).values_list("key", "shipment__number")
    standing = dict(rows)
    numbers = {*(pinned or {}).values(), *standing.values(), *_own_numbers(parts)} - {""}
    return MessageKnowledge(
        shipments=tuple(_shipments(parts, numbers)), codes=load_known_codes(parts), pinned=pinned, rows=standing
    )


def load_known_codes(parts: Iterable[Part]) -> KnownCodes:
    """Codes of the tenant, and of the suppliers that the parts name."""
    codes = list(ChargeCode.objects.select_related("purchase_tax_code", "sales_tax_code"))
    matches = ChargeCodeMatch.objects.values_list("carrier", "code", "charge_code__code")
    return KnownCodes(
        charge_codes={folded(one.code): one.code for one in codes},
        matches={(carrier, code): ours for carrier, code, ours in matches},
        taxes=tuple(
            KnownTax(code, rate) for code, rate in TaxCode.objects.order_by("code").values_list("code", "rate")
        ),
        purchase_taxes={one.code: one.purchase_tax_code.code for one in codes if one.purchase_tax_code},
        sales_taxes={one.code: one.sales_tax_code.code for one in codes if one.sales_tax_code},
        suppliers=tuple(_suppliers()) if any(part.charges for part in parts) else (),
    )


def _suppliers() -> Iterable[KnownSupplier]:
    for code, name, tax_number in Customer.objects.filter(is_supplier=True).values_list("code", "name", "tax_number"):
        yield KnownSupplier(code=code, name=name, tax_number=tax_number)


def _own_numbers(parts: Iterable[Part]) -> set[str]:
    return {str(part.message.fields.get("number", "")) for part in parts}


def _shipments(parts: Iterable[Part], numbers: set[str]) -> Iterable[ShipmentNames]:
    references = {reference for part in parts for reference in part.references}
    wanted = {text for reference in references for text in spellings(reference)}
    values = {reference.value for reference in references}
    found = Shipment.objects.filter(pk__in=_found_ids(wanted))
    named = Shipment.objects.filter(number__in={*numbers, *values, *(value.upper() for value in values)})
    for shipment in (found | named).order_by("id"):
        yield ShipmentNames(number=shipment.number, currency=shipment.currency, names=_names(shipment))


def _found_ids(wanted: set[str]) -> list[int]:
    """Of shipments that have one of these references, in whatever writing."""
    with connection.cursor() as cursor:
        cursor.execute(SEARCH, [sorted(wanted)])
        return [row[0] for row in cursor.fetchall()]


def _names(shipment: Shipment) -> dict[str, tuple[str, ...]]:
    """The kinds of reference that shipments have, and any further ones that a file or a person gave them."""
    kinds = {*KINDS, *shipment.references}
    found = {kind: tuple(map(str, shipment.references.get(kind, ()))) for kind in kinds}
    found |= {
        NUMBER: (shipment.number,),
        "customer": tuple(filter(None, [shipment.customer_reference])),
        "exporter": tuple(filter(None, [shipment.exporter_reference, *found["exporter"]])),
    }
    return {place: names for place, names in found.items() if names}

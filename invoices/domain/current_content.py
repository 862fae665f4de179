"""
What an invoice would say if it were drafted from its charges as they are now, and how it comes to say so.

A charge that nobody touched keeps the tax rate and the words that it was drafted with: a rate that changes in the new
year makes no invoice of the old one wrong.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, QuerySet

from freightbridge.transactions import require_transaction
from invoices.domain.draft_input import ChargeToBill
from invoices.domain.drafting import LONGEST_REFERENCE, AlreadyBilledError, line_of_charge
from invoices.domain.parts_to_bill import TaxOf
from invoices.domain.totals import LineAmounts, Totals, sum_lines
from invoices.models import Invoice, InvoiceLine, Shipment, ShipmentCharge, TaxCode
from invoices.models.invoice import InvoiceKind
from invoices.models.shipment_charge import Side

# A credit note shows as positive what was charged as negative.
CREDITS = {InvoiceKind.SALES_CREDIT_NOTE, InvoiceKind.BILL_CREDIT_NOTE}
RELATED = ("shipment", "charge_code__sales_tax_code", "charge_code__purchase_tax_code", "tax_code")
COMPARED = (
    "charge_id", "shipment_id", "charge_code_id", "description", "quantity", "unit_price", "discount_percent",
    "tax_code_id", "tax_rate", "cost_centre",
)  # fmt: skip


class Entry(NamedTuple):
    """A line to be: of what charge, what it says so far, and which tax code is chosen for it."""

    charge: ShipmentCharge | None
    old: InvoiceLine | None
    tax_code: TaxCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentContent:
    """`lines` are not saved. `obstacle`: why the invoice cannot say so, in a sentence; empty where it can."""

    lines: tuple[InvoiceLine, ...]
    reference: str
    exchange_rate: Decimal
    differs: bool
    obstacle: str = ""

    @property
    def totals(self) -> Totals:
        return sum_lines(LineAmounts(line.net_amount, line.tax_amount) for line in self.lines)


def current_content(invoice: Invoice, *, tax_of: TaxOf, added: Sequence[ShipmentCharge] = ()) -> CurrentContent:
    """
    `invoice` with its billing entity; `tax_of` is asked where neither the charge nor its line says the tax code;
    `added`: from `unbilled_charges`, to go onto it too.
    """
    old = list(invoice.lines.select_related("shipment", "charge_code", "tax_code").order_by("position"))
    if not _follows_charges(invoice):
        return _as_it_is(invoice, old)
    entries = _entries(invoice, old, added, tax_of)
    obstacle = next(filter(None, (_obstacle(entry, invoice) for entry in entries)), "")
    if obstacle:
        return _blocked(invoice, obstacle)
    lines = [line for line in (_line(entry, invoice) for entry in entries) if line is not None]
    for position, line in enumerate(lines, start=1):
        line.position = position
    return _content(invoice, old, lines)


def unbilled_charges(invoice: Invoice) -> list[ShipmentCharge]:
    """Those of its shipments that came later and stand on no invoice; they could go onto this one."""
    if not _follows_charges(invoice):
        return []
    shipments = invoice.lines.filter(shipment__isnull=False).order_by().values("shipment_id")
    side = Side.COST if invoice.is_purchase else Side.SELL
    rows = ShipmentCharge.objects.filter(shipment__in=shipments, side=side, invoice=None)
    rows = rows.filter(supplier=invoice.customer_id) if invoice.is_purchase else rows
    rows = rows.filter(quote=None) if invoice.kind == InvoiceKind.QUOTE else rows
    return list(rows.select_related(*RELATED).order_by("shipment", "id"))


def write_content(invoice: Invoice, content: CurrentContent) -> None:
    """
    The invoice says so from now on; its PDF is to be made anew. Raises AlreadyBilledError, and then nothing must be
    kept.
    """
    require_transaction()
    touched = set(invoice.lines.filter(shipment__isnull=False).values_list("shipment_id", flat=True))
    _bill({line.charge_id for line in content.lines if line.charge_id is not None}, invoice)
    invoice.lines.all().delete()
    InvoiceLine.objects.bulk_create(content.lines)
    totals = content.totals
    invoice.net_total, invoice.tax_total, invoice.total = totals.net, totals.tax, totals.total
    invoice.reference, invoice.exchange_rate = content.reference, content.exchange_rate
    invoice.pdf, invoice.pdf_fingerprint = None, ""
    invoice.save(
        update_fields=["net_total", "tax_total", "total", "reference", "exchange_rate", "pdf", "pdf_fingerprint"]
    )
    # One that has no line on it any more shows this invoice's state no longer: a trigger looks at it again.
    Shipment.objects.filter(pk__in=touched).update(readiness=F("readiness"))


def copied_line(old: InvoiceLine, invoice: Invoice) -> InvoiceLine:
    kept = {field.attname: getattr(old, field.attname) for field in InvoiceLine._meta.concrete_fields}
    copied = InvoiceLine(**{name: kept[name] for name in kept if name not in {"id", "public_id", "invoice_id"}})
    copied.invoice = invoice
    copied.shipment, copied.charge_code, copied.tax_code = old.shipment, old.charge_code, old.tax_code
    return copied


def take_charges(charge_ids: Collection[int], invoice: Invoice) -> None:
    """The invoice bills these from now on, a quote offers them; those that something else took meanwhile it leaves."""
    free = ShipmentCharge.objects.filter(pk__in=charge_ids, invoice=None)
    if invoice.kind == InvoiceKind.QUOTE:
        free.filter(quote=None).update(quote=invoice)
    else:
        free.update(invoice=invoice)


def _follows_charges(invoice: Invoice) -> bool:
    """Not what was drafted from another invoice, nor a quote that was accepted: its price stands."""
    is_accepted = invoice.kind == InvoiceKind.QUOTE and _charges_of(invoice).exclude(invoice=None).exists()
    return invoice.credited_invoice_id is None and not is_accepted


def _charges_of(invoice: Invoice) -> QuerySet[ShipmentCharge]:
    """Those that it bills; of a quote those that it offers."""
    if invoice.kind == InvoiceKind.QUOTE:
        return ShipmentCharge.objects.filter(quote=invoice)
    return ShipmentCharge.objects.filter(invoice=invoice)


def _entries(
    invoice: Invoice, old: Sequence[InvoiceLine], added: Sequence[ShipmentCharge], tax_of: TaxOf
) -> list[Entry]:
    """In the order of the old lines, those of charges that are gone left out; then what is new."""
    rows = _charges_of(invoice).select_related(*RELATED).order_by("id")
    charges = {charge.pk: charge for charge in rows}
    found = [(charges.pop(line.charge_id or 0, None), line) for line in old]
    standing = [(charge, line) for charge, line in found if charge is not None or line.shipment is None]
    new = [(charge, None) for charge in (*charges.values(), *added)]
    return [Entry(charge, line, _tax_code(charge, line, invoice, tax_of)) for charge, line in (*standing, *new)]


def _bill(charge_ids: set[int], invoice: Invoice) -> None:
    """Compare and set, as drafting does."""
    is_quote = invoice.kind == InvoiceKind.QUOTE
    locked = ShipmentCharge.objects.select_for_update().filter(pk__in=charge_ids)
    if any((one.quote_id if is_quote else one.invoice_id) not in {None, invoice.pk} for one in locked):
        raise AlreadyBilledError("A charge of these shipments is on another document already.")
    take_charges(charge_ids, invoice)


def _content(invoice: Invoice, old: Sequence[InvoiceLine], lines: Sequence[InvoiceLine]) -> CurrentContent:
    shipments = list(dict.fromkeys(line.shipment for line in lines if line.shipment is not None))
    rates = _rates(shipments, invoice)
    if not lines:
        return _blocked(invoice, "Every charge of it was taken off, and a document without a line cannot be.")
    if len(rates) > 1:
        return _blocked(invoice, "Its shipments have different exchange rates now.")
    (rate,), reference = rates, _reference(shipments, invoice)
    has_other_lines = [_facts(line) for line in old] != [_facts(line) for line in lines]
    differs = has_other_lines or (reference, rate) != (invoice.reference, invoice.exchange_rate)
    return CurrentContent(lines=tuple(lines), reference=reference, exchange_rate=rate, differs=differs)


def _as_it_is(invoice: Invoice, lines: Sequence[InvoiceLine]) -> CurrentContent:
    return CurrentContent(
        lines=tuple(lines), reference=invoice.reference, exchange_rate=invoice.exchange_rate, differs=False
    )


def _blocked(invoice: Invoice, obstacle: str) -> CurrentContent:
    return CurrentContent(
        lines=(), reference=invoice.reference, exchange_rate=invoice.exchange_rate, differs=True, obstacle=obstacle
    )


def _rates(shipments: Sequence[Shipment], invoice: Invoice) -> set[Decimal]:
    """One, unless they differ."""
    if not shipments or invoice.currency == invoice.billing_entity.base_currency:
        return {invoice.exchange_rate}
    return {shipment.exchange_rate or invoice.exchange_rate for shipment in shipments}


def _reference(shipments: Sequence[Shipment], invoice: Invoice) -> str:
    if not shipments or invoice.is_purchase:
        return invoice.reference
    own = (shipment.customer_reference for shipment in shipments if shipment.customer_reference)
    return ", ".join(dict.fromkeys(own))[:LONGEST_REFERENCE]


def _facts(line: InvoiceLine) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in COMPARED)


def _obstacle(entry: Entry, invoice: Invoice) -> str:
    charge = entry.charge
    if charge is None:
        return ""
    shipment = charge.shipment
    if not invoice.is_purchase and shipment.currency != invoice.currency:
        return f"{shipment} is in {shipment.currency or 'no currency'} now, and this in {invoice.currency}."
    if not invoice.is_purchase and invoice.customer_id not in _parties(shipment):
        return f"{shipment} has another customer now."
    facts = {
        "quantity": charge.quantity,
        "price": charge.unit_price,
        "charge code": charge.charge_code,
        "tax code": entry.tax_code,
    }
    missing = next((name for name, value in facts.items() if value is None), "")
    return f"A charge of {shipment} has no {missing}." if missing else ""


def _parties(shipment: Shipment) -> set[int | None]:
    return {shipment.bill_to_id, shipment.consignee_id, shipment.buyer_id}


def _tax_code(
    charge: ShipmentCharge | None, old: InvoiceLine | None, invoice: Invoice, tax_of: TaxOf
) -> TaxCode | None:
    if charge is None or charge.charge_code is None:
        return None
    if charge.tax_code is None and old is not None and old.charge_code_id == charge.charge_code_id:
        return old.tax_code
    return charge.tax_code or tax_of(charge, invoice.customer)


def _line(entry: Entry, invoice: Invoice) -> InvoiceLine | None:
    """None never happens to what has no obstacle; the types cannot know."""
    charge, old, tax_code = entry
    if charge is None:
        return old and copied_line(old, invoice)
    code = charge.charge_code
    if code is None or tax_code is None or charge.quantity is None or charge.unit_price is None:
        return None
    is_same_tax = old is not None and old.tax_code_id == tax_code.pk
    keeps_words = old is not None and old.charge_code_id == code.pk
    complete = ChargeToBill(
        charge_id=charge.pk,
        shipment_id=charge.shipment_id,
        shipment_number=charge.shipment.number,
        charge_code_id=code.pk,
        charge_code=code.code,
        description=charge.description or (old.description if old and keeps_words else code.name),
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        discount_percent=charge.discount_percent,
        tax_code_id=tax_code.pk,
        tax_code=tax_code.code,
        tax_rate=old.tax_rate if old and is_same_tax else tax_code.rate,
        cost_centre=charge.cost_centre,
    )
    line = line_of_charge(complete, position=0, sign=-1 if invoice.kind in CREDITS else 1, invoice=invoice)
    line.shipment, line.charge, line.charge_code, line.tax_code = charge.shipment, charge, code, tax_code
    return line

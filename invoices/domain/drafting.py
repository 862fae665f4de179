"""Writes drafts as invoices: their lines, their totals, and which charge is billed or offered by which."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from freightbridge.insert_rows import insert_rows
from freightbridge.transactions import require_transaction
from freightbridge.update_rows import update_rows
from invoices.domain.draft_input import ChargeToBill, Draft
from invoices.domain.reference_list import some_references
from invoices.models import Invoice, InvoiceLine, ShipmentCharge
from invoices.models.invoice import InvoiceKind

LONGEST_REFERENCE = 255


class AlreadyBilledError(Exception):
    """A charge was put onto an invoice by somebody else meanwhile."""


def draft_invoices(drafts: Sequence[Draft], *, today: date, now: datetime) -> list[Invoice]:
    """
    One invoice each, in the same order; `today` is the issue date. Needs the caller's transaction.

    Raises AlreadyBilledError, and then nothing must be kept.
    """
    require_transaction()
    invoices = [_invoice(draft, today=today, now=now) for draft in drafts]
    insert_rows(invoices)
    insert_rows([line for draft, invoice in zip(drafts, invoices, strict=True) for line in _lines(draft, invoice)])
    _bill_charges(drafts, invoices)
    return invoices


def _invoice(draft: Draft, *, today: date, now: datetime) -> Invoice:
    first, totals = draft.first, draft.totals
    return Invoice(
        kind=draft.kind,
        billing_entity_id=first.billing_entity_id,
        customer_id=first.customer_id,
        number=first.supplier_number,
        quote_id=draft.quote_id,
        reference=some_references(draft.customer_references, longest=LONGEST_REFERENCE),
        issue_date=today,
        due_date=today + timedelta(days=first.terms_days),
        currency=first.currency,
        exchange_rate=first.exchange_rate,
        net_total=totals.net,
        tax_total=totals.tax,
        total=totals.total,
        created_at=now,
    )


def _lines(draft: Draft, invoice: Invoice) -> list[InvoiceLine]:
    return [
        line_of_charge(charge, position=position, sign=draft.sign, invoice=invoice)
        for position, charge in enumerate(draft.charges, start=1)
    ]


def line_of_charge(charge: ChargeToBill, *, position: int, sign: int, invoice: Invoice) -> InvoiceLine:
    amounts = charge.amounts
    return InvoiceLine(
        invoice=invoice,
        position=position,
        shipment_id=charge.shipment_id,
        charge_id=charge.charge_id,
        charge_code_id=charge.charge_code_id,
        description=charge.description,
        quantity=charge.quantity,
        unit_price=sign * charge.unit_price,
        discount_percent=charge.discount_percent,
        tax_code_id=charge.tax_code_id,
        tax_rate=charge.tax_rate,
        cost_centre=charge.cost_centre,
        net_amount=sign * amounts.net,
        tax_amount=sign * amounts.tax,
    )


def _bill_charges(drafts: Sequence[Draft], invoices: Sequence[Invoice]) -> None:
    """Compare and set: a charge that another transaction billed or offered meanwhile is not taken twice."""
    owner = {
        charge.charge_id: invoice for draft, invoice in zip(drafts, invoices, strict=True) for charge in draft.charges
    }
    standing = ShipmentCharge.objects.select_for_update().filter(pk__in=owner, invoice=None)
    free = list(standing.only("invoice", "quote"))
    if len(free) != len(owner):
        raise AlreadyBilledError("A charge of these shipments is on another invoice already.")
    for charge in free:
        if owner[charge.pk].kind != InvoiceKind.QUOTE:
            charge.invoice = owner[charge.pk]
        elif charge.quote_id is None:
            charge.quote = owner[charge.pk]
        else:
            raise AlreadyBilledError("A charge of these shipments is on another quote already.")
    update_rows(free, ["invoice", "quote"])

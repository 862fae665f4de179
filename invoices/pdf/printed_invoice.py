"""Reads an invoice and puts it into the words of its PDF."""

from collections.abc import Sequence

from invoices.domain.reference_list import all_references
from invoices.models import BillingEntity, Customer, Invoice, InvoiceLine, Shipment
from invoices.models.address import Address
from invoices.models.invoice import InvoiceKind
from invoices.pdf.invoice_view_model import (
    TITLES,
    InvoiceView,
    PrintedLine,
    PrintedParty,
    PrintedShipment,
    TaxShare,
    day,
    money,
    number,
    price,
    tax_summary,
)

# What a page of tables can hold without taking the worker down; a longer one is refused, not cut.
MOST_LINES = 2000


class TooLongForPdfError(Exception):
    """The invoice has more lines than a PDF of ours may have."""


def printed_invoice(invoice_id: int) -> InvoiceView:
    """In the tenant's scope; three queries. Raises TooLongForPdfError."""
    invoice = Invoice.objects.select_related("customer", "billing_entity").get(pk=invoice_id)
    rows = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
    lines = list(rows.select_related("shipment", "tax_code")[: MOST_LINES + 1])
    if len(lines) > MOST_LINES:
        raise TooLongForPdfError(f"It has more than {MOST_LINES} lines.")
    return _view(invoice, lines)


def _view(invoice: Invoice, lines: Sequence[InvoiceLine]) -> InvoiceView:
    entity = invoice.billing_entity
    shares = [TaxShare(f"{line.tax_code}", line.net_amount, line.tax_amount) for line in lines]
    shipments = list(dict.fromkeys(line.shipment for line in lines if line.shipment))
    return InvoiceView(
        title=TITLES[invoice.kind],
        number=invoice.number or "Draft",
        seller=_party(entity, entity),
        seller_contact=" · ".join(filter(None, [entity.email, entity.phone])),
        customer=_party(invoice.customer, invoice.customer),
        facts=tuple(_facts(invoice)),
        shipments=tuple(_shipment(shipment) for shipment in shipments),
        lines=tuple(_line(line, shows_shipment=len(shipments) > 1) for line in lines),
        has_discounts=any(line.discount_percent for line in lines),
        taxes=tax_summary(shares),
        currency=invoice.currency,
        net_total=money(invoice.net_total),
        tax_total=money(invoice.tax_total),
        total=money(invoice.total),
        bank_details=tuple(entity.bank_details.splitlines()) if invoice.kind == InvoiceKind.SALES_INVOICE else (),
        terms=tuple(entity.invoice_terms.splitlines()),
    )


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    is_foreign = invoice.currency != invoice.billing_entity.base_currency
    rate = f"{invoice.exchange_rate.normalize():f} {invoice.currency} = 1 {invoice.billing_entity.base_currency}"
    facts = [
        ("Date", day(invoice.issue_date)),
        ("Due", day(invoice.due_date)),
        ("Customer", invoice.customer.code),
        ("Your reference", invoice.reference),
        ("Currency", invoice.currency),
        ("Exchange rate", rate if is_foreign else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _party(who: BillingEntity | Customer, address: Address) -> PrintedParty:
    return PrintedParty(name=who.name, lines=tuple(address.address_lines), tax_number=who.tax_number)


def _shipment(shipment: Shipment) -> PrintedShipment:
    dates = [("ETD", shipment.etd_date), ("ETA", shipment.eta_date), ("Delivered", shipment.delivery_date)]
    details = [
        shipment.get_mode_display() if shipment.mode != "unknown" else "",
        shipment.incoterm,
        f"{number(shipment.weight_kg)} kg" if shipment.weight_kg else "",
        *(f"{label} {day(date)}" for label, date in dates if date),
    ]
    references = all_references(customer_reference=shipment.customer_reference, by_kind=shipment.references)
    return PrintedShipment(
        number=shipment.number,
        route=" → ".join(filter(None, [shipment.origin, shipment.destination])),
        details=" · ".join(filter(None, details)),
        references=", ".join(references),
    )


def _line(line: InvoiceLine, *, shows_shipment: bool) -> PrintedLine:
    return PrintedLine(
        description=line.description,
        shipment=line.shipment.number if line.shipment and shows_shipment else "",
        quantity=number(line.quantity),
        unit_price=price(line.unit_price),
        discount=f"{number(line.discount_percent)} %" if line.discount_percent else "",
        tax=f"{number(line.tax_rate)} %",
        net=money(line.net_amount),
    )

"""Reads an invoice and puts it into the words of its PDF."""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from django.db.models import QuerySet

from invoices.domain.reference_list import all_references
from invoices.models import BillingEntity, Customer, Invoice, InvoiceLine, Shipment
from invoices.models.invoice import InvoiceKind
from invoices.pdf.amount_in_words import amount_in_words
from invoices.pdf.country_words import LETTER_COUNTRIES, country_code, country_name, tax_number_words, town_line
from invoices.pdf.document_words import CUSTOMER_WORDS, DUE_WORDS, notes_of, title_of
from invoices.pdf.invoice_view_model import (
    InvoiceView,
    Paper,
    PrintedCharges,
    PrintedLine,
    PrintedParty,
    PrintedShipment,
    PrintedTotals,
    TaxShare,
    day,
    money,
    number,
    percent,
    price,
    shown_places,
    tax_summary,
)

# What one table can hold without taking the worker down. Of more the invoice shows one sum for each shipment, and the
# lines follow; a thousand of them take ten seconds, so what is longer still is refused, not cut.
MOST_LINES, MOST_APART = 2000, 10_000


class TooLongForPdfError(Exception):
    """The invoice has more lines, or more shipments, than a PDF of ours may have."""


def printable_invoices() -> QuerySet[Invoice]:
    """With what stands on their PDFs besides their lines."""
    return Invoice.objects.select_related("customer", "billing_entity__logo")


def printed_invoice(invoice: Invoice) -> InvoiceView:
    """
    One of the printable, in the tenant's scope; one query for its lines, and one for each other document that it names.

    Raises TooLongForPdfError.
    """
    rows = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
    lines = list(rows.select_related("shipment", "tax_code")[: MOST_APART + 1])
    if len(lines) > MOST_APART:
        raise TooLongForPdfError(f"It has more than {MOST_APART:,} lines.")
    if len({line.shipment_id for line in lines}) > MOST_LINES:
        raise TooLongForPdfError(f"It has more than {MOST_LINES:,} shipments.")
    return _view(invoice, lines)


def _view(invoice: Invoice, lines: Sequence[InvoiceLine]) -> InvoiceView:
    entity = invoice.billing_entity
    places = shown_places(invoice.currency, [amount for line in lines for amount in (line.net_amount, line.tax_amount)])
    shares = [TaxShare(line.tax_code.name, line.tax_rate, line.net_amount, line.tax_amount) for line in lines]
    shipments = list(dict.fromkeys(line.shipment for line in lines if line.shipment))
    credited = str(invoice.credited_invoice or "")
    charges = tuple(_charges(lines, places=places))
    is_long = len(lines) > MOST_LINES
    notes = notes_of(invoice.kind, number=str(invoice), credited=credited, valid_until=day(invoice.due_date))
    return InvoiceView(
        title=title_of(invoice.kind, country=entity.country, tax_number=entity.tax_number),
        number=invoice.number or "Draft",
        paper=paper_of(entity),
        logo=_logo(entity),
        seller=_party(entity),
        seller_contact=" · ".join(filter(None, [entity.email, entity.phone])),
        customer_words=CUSTOMER_WORDS[invoice.kind],
        customer=_party(invoice.customer),
        facts=tuple(_facts(invoice)),
        shipment=_shipment(shipments[0]) if len(shipments) == 1 else None,
        shipment_count=len(shipments),
        charges=(_sums(lines, places=places),) if is_long else charges,
        lines_apart=charges if is_long else (),
        has_discounts=any(line.discount_percent for line in lines),
        taxes=tax_summary(shares, places),
        currency=invoice.currency,
        totals=_totals(invoice, places=places),
        notes=(*notes, f"Its {len(lines):,} lines follow on pages of their own.") if is_long else notes,
        bank_details=tuple(entity.bank_details.splitlines()) if invoice.kind == InvoiceKind.SALES_INVOICE else (),
        terms=() if invoice.is_credit_note else tuple(entity.invoice_terms.splitlines()),
    )


def paper_of(entity: BillingEntity) -> Paper:
    """As the entity says, else as its country prints."""
    if entity.paper_size:
        return Paper(entity.paper_size)
    return Paper.LETTER if country_code(entity.country) in LETTER_COUNTRIES else Paper.A4


def _logo(entity: BillingEntity) -> str:
    if entity.logo is None:
        return ""
    return f"data:{entity.logo.content_type};base64,{b64encode(bytes(entity.logo.content)).decode()}"


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    base = invoice.billing_entity.base_currency
    rate = f"{invoice.exchange_rate.normalize():f} {invoice.currency} = 1 {base}"
    facts = [
        ("Date", day(invoice.issue_date)),
        ("Valid until" if invoice.kind == InvoiceKind.QUOTE else "Due", _due(invoice)),
        ("Credits", str(invoice.credited_invoice or "")),
        ("Reason", invoice.credit_reason),
        ("Quote", str(invoice.quote or "")),
        ("Customer", invoice.customer.code),
        ("Your reference", invoice.reference),
        ("Currency", invoice.currency),
        ("Exchange rate", rate if invoice.currency != base else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _due(invoice: Invoice) -> str:
    """Nobody pays a credit note."""
    return "" if invoice.is_credit_note else day(invoice.due_date)


def _party(who: BillingEntity | Customer) -> PrintedParty:
    town = town_line(city=who.city, region=who.region, postal_code=who.postal_code, country=who.country)
    lines = [*who.street.splitlines(), town, country_name(who.country)]
    return PrintedParty(
        name=who.name,
        lines=tuple(line.strip() for line in lines if line.strip()),
        tax_number=tax_number_words(who.tax_number, who.country),
    )


def _shipment(shipment: Shipment) -> PrintedShipment:
    dates = [("ETD", shipment.etd_date), ("ETA", shipment.eta_date), ("Delivered", shipment.delivery_date)]
    details = [
        shipment.get_mode_display() if shipment.mode != "unknown" else "",
        shipment.incoterm,
        f"{number(shipment.weight_kg)} kg" if shipment.weight_kg else "",
        # A date is not broken over two lines.
        *(f"{label} {day(date)}".replace(" ", "\xa0") for label, date in dates if date),
    ]
    references = all_references(customer_reference=shipment.customer_reference, by_kind=shipment.references)
    return PrintedShipment(
        number=shipment.number,
        route=" → ".join(filter(None, [shipment.origin, shipment.destination])),
        details=" · ".join(filter(None, details)),
        references=", ".join(references),
    )


def _charges(lines: Sequence[InvoiceLine], *, places: int) -> list[PrintedCharges]:
    """In the order of the lines, which is that of the document in the books."""
    charges = []
    for shipment, of_it in groupby(lines, key=lambda line: line.shipment):
        own = list(of_it)
        net = sum((line.net_amount for line in own), Decimal())
        charges.append(
            PrintedCharges(
                shipment=_shipment(shipment) if shipment else None,
                lines=tuple(_line(line, places=places) for line in own),
                net=money(net, places) if len(own) > 1 else "",
            )
        )
    return charges


def _sums(lines: Sequence[InvoiceLine], *, places: int) -> PrintedCharges:
    """One line for each shipment, in the order in which they first occur."""
    by_shipment: dict[Shipment | None, list[InvoiceLine]] = defaultdict(list)
    for line in lines:
        by_shipment[line.shipment].append(line)
    sums = tuple(_sum(shipment, own, places=places) for shipment, own in by_shipment.items())
    return PrintedCharges(shipment=None, lines=sums, net="")


def _sum(shipment: Shipment | None, lines: Sequence[InvoiceLine], *, places: int) -> PrintedLine:
    whose = shipment.number if shipment else "Without a shipment"
    rates = {line.tax_rate for line in lines}
    return PrintedLine(
        description=f"{whose}: {len(lines):,} charge{'s' if len(lines) > 1 else ''}",
        quantity="",
        unit_price="",
        discount="",
        tax=percent(rates.pop()) if len(rates) == 1 else "",
        net=money(sum((line.net_amount for line in lines), Decimal()), places),
    )


def _line(line: InvoiceLine, *, places: int) -> PrintedLine:
    return PrintedLine(
        description=line.description,
        quantity=number(line.quantity),
        unit_price=price(line.unit_price, places),
        discount=percent(line.discount_percent) if line.discount_percent else "",
        tax=percent(line.tax_rate),
        net=money(line.net_amount, places),
    )


def _totals(invoice: Invoice, *, places: int) -> PrintedTotals:
    return PrintedTotals(
        net=money(invoice.net_total, places),
        tax=money(invoice.tax_total, places),
        total=money(invoice.total, places),
        due_words=DUE_WORDS[invoice.kind],
        in_words=amount_in_words(invoice.total, invoice.currency),
        base_tax=_base_tax(invoice),
    )


def _base_tax(invoice: Invoice) -> tuple[str, str] | None:
    """The tax in the seller's own currency, in which he owes it; it stands only where the two differ."""
    base = invoice.billing_entity.base_currency
    if invoice.currency == base or not invoice.tax_total or not invoice.exchange_rate:
        return None
    places = shown_places(base, ())
    owed = (invoice.tax_total / invoice.exchange_rate).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"Tax in {base}", money(owed, places)

"""
The one bridge from freight to accounting: invoices become exportable documents and go into the outbox.

Nothing else in `invoices` writes to `integrations`' outbox, and nothing there knows an invoice.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from integrations.mapping.source import DocumentKind, ExportableDocument, ExportableLine, Party
from integrations.models import SyncJob, XeroDocument
from integrations.outbox.enqueue_job import Export, enqueue_creates
from integrations.outbox.sender import Sender
from invoices.domain.draft_input import ChargeToBill, Draft
from invoices.domain.reference_list import all_references
from invoices.models import Customer, Invoice, InvoiceLine

UNNUMBERED = "(number on approval)"


def hand_over(invoices: Sequence[Invoice], *, sender: Sender, now: datetime) -> list[SyncJob]:
    """Approved invoices, in the transaction that approved them. One job each, in the same order."""
    lines = _lines_by_invoice(invoices)
    source_ids = source_ids_of(invoices, lines)
    exports = [
        Export(
            source=exportable_of_invoice(invoice, lines[invoice.pk], source_id=source_ids[invoice.pk]),
            invoice_id=invoice.pk,
            pdf_id=invoice.pdf_id,
        )
        for invoice in invoices
    ]
    return enqueue_creates(exports, sender=sender, now=now)


def exportable_of_invoice(invoice: Invoice, lines: Sequence[InvoiceLine], *, source_id: str) -> ExportableDocument:
    """`invoice` with its customer and entity, `lines` with their shipments and codes loaded."""
    shipments = list(dict.fromkeys(line.shipment for line in lines if line.shipment is not None))
    references = [
        reference
        for shipment in shipments
        for reference in all_references(customer_reference=shipment.customer_reference, by_kind=shipment.references)
    ]
    return ExportableDocument(
        kind=DocumentKind(invoice.kind),
        source_id=source_id,
        export_version=invoice.export_version,
        number=invoice.number,
        party=_party(invoice.customer),
        issue_date=invoice.issue_date,
        due_date=invoice.due_date or invoice.issue_date,
        currency=invoice.currency,
        base_currency=invoice.billing_entity.base_currency,
        exchange_rate=invoice.exchange_rate,
        customer_reference=invoice.reference,
        all_references=tuple(dict.fromkeys(references)),
        shipment_numbers=tuple(shipment.number for shipment in shipments),
        lines=tuple(_line_of_invoice(line) for line in lines),
        net_total=invoice.net_total,
        tax_total=invoice.tax_total,
    )


def source_ids_of(invoices: Sequence[Invoice], lines: dict[int, list[InvoiceLine]]) -> dict[int, str]:
    """
    What names each for ever, by its key: its first shipment, and the how-manieth document of its kind it is there.

    Nothing in it is random, so that after a restore the same shipments, sent again, are known for what they are.
    """
    names = {one.pk: _first_number(lines[one.pk]) for one in invoices}
    standing = XeroDocument.objects.filter(source_name__in=[name for name in names.values() if name])
    counted = Counter(standing.values_list("source_name", "kind"))
    return {one.pk: _source_id(one, names[one.pk], counted) for one in invoices}


def _source_id(invoice: Invoice, name: str, counted: Counter[tuple[str, str]]) -> str:
    if not name:
        return str(invoice.public_id)
    counted[name, invoice.kind] += 1
    return f"{name}|{counted[name, invoice.kind]}"


def _first_number(lines: Sequence[InvoiceLine]) -> str:
    return min((line.shipment.number for line in lines if line.shipment is not None), default="")


def exportable_of_draft(draft: Draft, customer: Customer, *, today: date) -> ExportableDocument:
    """What the draft would become if it were approved today: for the check beforehand and for the preview."""
    first, totals = draft.first, draft.totals
    return ExportableDocument(
        kind=DocumentKind(draft.kind),
        source_id="",
        export_version=1,
        number=UNNUMBERED,
        party=_party(customer),
        issue_date=today,
        due_date=today + timedelta(days=first.terms_days),
        currency=first.currency,
        base_currency=first.base_currency,
        exchange_rate=first.exchange_rate,
        customer_reference=draft.customer_reference,
        all_references=tuple(dict.fromkeys(text for shipment in draft.shipments for text in shipment.references)),
        shipment_numbers=tuple(shipment.number for shipment in draft.shipments),
        lines=tuple(_line_of_charge(charge, sign=draft.sign) for charge in draft.charges),
        net_total=totals.net,
        tax_total=totals.tax,
    )


def _lines_by_invoice(invoices: Sequence[Invoice]) -> dict[int, list[InvoiceLine]]:
    found: dict[int, list[InvoiceLine]] = defaultdict(list)
    rows = InvoiceLine.objects.filter(invoice__in=[invoice.pk for invoice in invoices])
    for line in rows.select_related("shipment", "charge_code", "tax_code").order_by("invoice", "position"):
        found[line.invoice_id].append(line)
    return found


def _party(customer: Customer) -> Party:
    return Party(
        code=customer.code,
        name=customer.name,
        email=customer.email,
        tax_number=customer.tax_number,
        street=customer.street,
        city=customer.city,
        region=customer.region,
        postal_code=customer.postal_code,
        country=customer.country,
    )


def _line_of_invoice(line: InvoiceLine) -> ExportableLine:
    return ExportableLine(
        description=_described(line.description, line.shipment.number if line.shipment else ""),
        charge_code=line.charge_code.code,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        tax_code=line.tax_code.code,
        tax_rate=line.tax_rate,
        net_amount=line.net_amount,
        tax_amount=line.tax_amount,
        shipment_number=line.shipment.number if line.shipment else "",
    )


def _line_of_charge(charge: ChargeToBill, *, sign: int) -> ExportableLine:
    amounts = charge.amounts
    return ExportableLine(
        description=_described(charge.description, charge.shipment_number),
        charge_code=charge.charge_code,
        quantity=charge.quantity,
        unit_price=Decimal(sign) * charge.unit_price,
        discount_percent=charge.discount_percent,
        tax_code=charge.tax_code,
        tax_rate=charge.tax_rate,
        net_amount=sign * amounts.net,
        tax_amount=sign * amounts.tax,
        shipment_number=charge.shipment_number,
    )


def _described(description: str, shipment_number: str) -> str:
    """On an invoice for many shipments each line says whose it is (F8)."""
    return f"{description} · {shipment_number}" if shipment_number else description

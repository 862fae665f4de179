"""
The one bridge from freight to accounting: invoices become exportable documents and go into the outbox.

Nothing else in `invoices` writes to `integrations`' outbox, and nothing there knows an invoice.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from integrations.mapping.map_document import overflows
from integrations.mapping.reference_notes import reference_notes
from integrations.mapping.reference_text import LONGEST
from integrations.mapping.source import DocumentKind, ExportableDocument, ExportableLine, Party
from integrations.models import SyncJob, XeroDocument
from integrations.outbox.enqueue_change import enqueue_allocation, enqueue_note, enqueue_update, enqueue_void
from integrations.outbox.enqueue_job import Export, enqueue_creates
from integrations.outbox.sender import Sender
from invoices.domain.draft_input import ChargeToBill, Draft
from invoices.domain.parts_to_bill import dimensions_of
from invoices.domain.reference_list import all_references, some_references
from invoices.models import Customer, Invoice, InvoiceLine, Shipment

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
    jobs = enqueue_creates(exports, sender=sender, now=now)
    _note_references(exports, jobs, sender=sender, now=now)
    return jobs


def _note_references(exports: Sequence[Export], jobs: Sequence[SyncJob], *, sender: Sender, now: datetime) -> None:
    """Where the reference in Xero has no room for all, the history has them all. They are no documents of a batch."""
    for export, job in zip(exports, jobs, strict=True):
        if overflows(export.source, rules=sender.rules):
            for text in reference_notes(export.source):
                enqueue_note(job.document, text=text, sender=replace(sender, batch=None), now=now)


def set_against(note: Invoice, invoice: Invoice, *, sender: Sender, now: datetime) -> None:
    """In the transaction that handed the credit note over; it waits in the outbox until both are approved."""
    documents = XeroDocument.objects.in_bulk([note.pk, invoice.pk], field_name="invoice_id")
    credit, billed = documents[note.pk], documents[invoice.pk]
    enqueue_allocation(credit, billed, amount=note.total, sender=replace(sender, batch=None), now=now)


def hand_over_change(document: XeroDocument, source: ExportableDocument, *, sender: Sender, now: datetime) -> None:
    """New lines of a document that was handed over before, in the transaction that wrote them."""
    enqueue_update(document, source, sender=sender, now=now, awaits_pdf=sender.rules.attaches_pdf)


def hand_over_void(document: XeroDocument, *, sender: Sender, takes_back: bool, reason: str, now: datetime) -> None:
    """`takes_back`: the invoice becomes a draft here once it is voided there."""
    enqueue_void(document, sender=sender, now=now, takes_back=takes_back, reason=reason)


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
        customer_references=_customer_references(invoice, shipments),
        all_references=tuple(dict.fromkeys(references)),
        shipment_numbers=tuple(shipment.number for shipment in shipments),
        lines=tuple(_line_of_invoice(line, shipments, invoice.customer) for line in lines),
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
        customer_reference=some_references(draft.customer_references, longest=LONGEST),
        customer_references=draft.customer_references,
        all_references=tuple(dict.fromkeys(text for shipment in draft.shipments for text in shipment.references)),
        shipment_numbers=tuple(shipment.number for shipment in draft.shipments),
        lines=tuple(
            _line_of_charge(
                charge,
                sign=draft.sign,
                reference=_own_reference(shipment.customer_reference, draft.shipments),
                dimensions=(*shipment.dimensions, *_group(customer)),
            )
            for shipment in draft.shipments
            for charge in shipment.charges
        ),
        net_total=totals.net,
        tax_total=totals.tax,
    )


def _lines_by_invoice(invoices: Sequence[Invoice]) -> dict[int, list[InvoiceLine]]:
    found: dict[int, list[InvoiceLine]] = defaultdict(list)
    rows = InvoiceLine.objects.filter(invoice__in=[invoice.pk for invoice in invoices])
    for line in rows.prefetch_related("shipment", "charge_code", "tax_code").order_by("invoice", "position"):
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


def _line_of_invoice(line: InvoiceLine, shipments: Sequence[Shipment], customer: Customer) -> ExportableLine:
    reference = _own_reference(line.shipment.customer_reference, shipments) if line.shipment else ""
    return ExportableLine(
        description=_described(line.description, line.shipment.number if line.shipment else "", reference),
        charge_code=line.charge_code.code,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        tax_code=line.tax_code.code,
        tax_rate=line.tax_rate,
        net_amount=line.net_amount,
        tax_amount=line.tax_amount,
        shipment_number=line.shipment.number if line.shipment else "",
        cost_centre=line.cost_centre,
        dimensions=(*(dimensions_of(line.shipment) if line.shipment else ()), *_group(customer)),
    )


def _group(customer: Customer) -> tuple[tuple[str, str], ...]:
    return (("customer group", customer.customer_group),) if customer.customer_group else ()


def _line_of_charge(
    charge: ChargeToBill, *, sign: int, reference: str, dimensions: tuple[tuple[str, str], ...]
) -> ExportableLine:
    amounts = charge.amounts
    return ExportableLine(
        description=_described(charge.description, charge.shipment_number, reference),
        charge_code=charge.charge_code,
        quantity=charge.quantity,
        unit_price=Decimal(sign) * charge.unit_price,
        discount_percent=charge.discount_percent,
        tax_code=charge.tax_code,
        tax_rate=charge.tax_rate,
        net_amount=sign * amounts.net,
        tax_amount=sign * amounts.tax,
        shipment_number=charge.shipment_number,
        cost_centre=charge.cost_centre,
        dimensions=dimensions,
    )


def _described(description: str, shipment_number: str, reference: str) -> str:
    """On an invoice for many shipments each line says whose it is (F8)."""
    return " · ".join(filter(None, [description, shipment_number, reference]))


def _own_reference(reference: str, shipments: Sequence[object]) -> str:
    """The header of an invoice for one shipment has it; of many it may hold a few only."""
    return reference if len(shipments) > 1 else ""


def _customer_references(invoice: Invoice, shipments: Sequence[Shipment]) -> tuple[str, ...]:
    """All of them, where the invoice's own reference is no other than theirs."""
    found = tuple(dict.fromkeys(one.customer_reference for one in shipments if one.customer_reference))
    return found if some_references(found, longest=LONGEST) == invoice.reference else ()

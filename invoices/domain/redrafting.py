"""A document that was taken back: the same lines once more, as a draft that can be changed and approved again."""

from datetime import date, datetime

from freightbridge.transactions import require_transaction
from invoices.domain.current_content import copied_line, take_charges
from invoices.models import Invoice, InvoiceLine


def redraft(voided: Invoice, *, today: date, now: datetime) -> Invoice:
    """
    Its charges must be free. Of the day `today`, with the old one's terms. It takes a number of its own when it is
    approved, since Xero keeps that of a voided document taken; a bill keeps its supplier's.
    """
    require_transaction()
    draft: Invoice = Invoice.objects.create(
        kind=voided.kind,
        billing_entity=voided.billing_entity,
        customer=voided.customer,
        number=voided.number if voided.is_purchase else "",
        reference=voided.reference,
        issue_date=today,
        due_date=today + (voided.due_date - voided.issue_date) if voided.due_date else None,
        currency=voided.currency,
        exchange_rate=voided.exchange_rate,
        net_total=voided.net_total,
        tax_total=voided.tax_total,
        total=voided.total,
        credited_invoice=voided.credited_invoice,
        export_version=voided.export_version + 1,
        replaces=voided,
        created_at=now,
    )
    lines = [copied_line(line, draft) for line in voided.lines.order_by("position")]
    InvoiceLine.objects.bulk_create(lines)
    charge_ids = [line.charge_id for line in lines if line.charge_id is not None]
    take_charges(charge_ids, draft)
    return draft

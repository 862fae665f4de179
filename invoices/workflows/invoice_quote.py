"""The customer has accepted a quote: a sales invoice is raised from the same charges, and goes to accounting."""

from datetime import datetime, timedelta

from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from integrations.models import XeroDocument
from integrations.models.sync_job import Priority
from invoices.domain.parts_to_bill import terms_of
from invoices.domain.totals import LineAmounts, sum_lines
from invoices.models import Invoice, InvoiceLine, ShipmentCharge
from invoices.models.invoice import InvoiceKind, InvoiceStatus
from invoices.workflows.approve_invoices import approve_invoices
from invoices.workflows.assess_shipments import assess_shipments
from invoices.workflows.sending_context import sending_context

COPIED = (
    "shipment_id", "charge_id", "charge_code_id", "description", "quantity", "unit_price", "discount_percent",
    "tax_code_id", "tax_rate", "cost_centre", "net_amount", "tax_amount",
)  # fmt: skip


class CannotInvoiceError(Exception):
    """No invoice can be raised from it; the message says why."""


def why_not_invoice(quote: Invoice, *, is_open: bool) -> str:
    """Empty where an invoice can be raised. `is_open`: a charge of it is on no invoice yet."""
    if quote.kind != InvoiceKind.QUOTE:
        return "Only a quote becomes an invoice."
    if quote.status != InvoiceStatus.APPROVED:
        return f"The quote is {quote.get_status_display().lower()}."
    return "" if is_open else "Every charge of it is invoiced already."


def invoice_quote(quote: Invoice, *, tenant: Tenant, by: str, now: datetime) -> Invoice:
    """
    With the prices that were quoted. In the tenant's scope.

    Raises CannotInvoiceError, NotConnectedError, NoNumberSeriesError.
    """
    related = ("customer", "billing_entity")
    locked = Invoice.objects.select_for_update(of=("self",)).select_related(*related).get(pk=quote.pk)
    charges = ShipmentCharge.objects.select_for_update().filter(quote=locked, invoice=None)
    open_ids = set(charges.values_list("id", flat=True))
    refusal = why_not_invoice(locked, is_open=bool(open_ids))
    if refusal:
        raise CannotInvoiceError(refusal)
    # The offer and what is charged for it stand in the same books.
    document = XeroDocument.objects.select_related("connection").filter(invoice=locked).first()
    context = sending_context(tenant, to=document.connection if document else None)
    context.load_rules({locked.customer.code})
    sender = context.sender(by=by, priority=Priority.INTERACTIVE)
    lines = list(locked.lines.filter(charge__in=open_ids).order_by("position"))
    totals = sum_lines(LineAmounts(net=line.net_amount, tax=line.tax_amount) for line in lines)
    today = context.today(now)
    invoice: Invoice = Invoice.objects.create(
        kind=InvoiceKind.SALES_INVOICE,
        billing_entity=locked.billing_entity,
        customer=locked.customer,
        reference=locked.reference,
        issue_date=today,
        due_date=today + timedelta(days=terms_of(locked.customer, locked.billing_entity)),
        currency=locked.currency,
        exchange_rate=locked.exchange_rate,
        net_total=totals.net,
        tax_total=totals.tax,
        total=totals.total,
        quote=locked,
        created_at=now,
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=invoice, position=position, **{name: getattr(line, name) for name in COPIED})
        for position, line in enumerate(lines, start=1)
    )
    ShipmentCharge.objects.filter(pk__in=open_ids).update(invoice=invoice)
    approve_invoices([invoice], sender=sender, now=now)
    assess_shipments(sorted({line.shipment_id for line in lines if line.shipment_id}), tenant=tenant, now=now)
    record_event(action="quote invoiced", subject=locked, by=by, now=now, invoice=invoice.number)
    return invoice

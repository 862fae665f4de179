"""Credits an invoice that is in Xero, whole or in part: the credit note goes there too, and is set against it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from integrations.job_states import DocumentState
from integrations.models import XeroDocument
from integrations.models.sync_job import Priority
from invoices.domain.crediting import (
    CannotCreditError,
    CreditedLine,
    LineLeft,
    credit_all,
    credit_part,
    lines_left,
    totals_of,
)
from invoices.models import Invoice, InvoiceLine
from invoices.models.invoice import InvoiceKind, InvoiceStatus
from invoices.workflows.approve_invoices import approve_invoices
from invoices.workflows.hand_over_to_accounting import set_against
from invoices.workflows.sending_context import sending_context

CREDITS = {
    InvoiceKind.SALES_INVOICE: InvoiceKind.SALES_CREDIT_NOTE,
    InvoiceKind.BILL: InvoiceKind.BILL_CREDIT_NOTE,
}
# By the line's key: how many pieces, or how much money before tax.
Parts = Mapping[int, tuple[Decimal | None, Decimal | None]]


def why_not_credit(invoice: Invoice, left: Sequence[LineLeft]) -> str:
    """Empty where it can be credited. `invoice` with its `xero_document`."""
    document: XeroDocument | None = getattr(invoice, "xero_document", None)
    if invoice.kind not in CREDITS:
        return f"A {invoice.get_kind_display().lower()} is not credited."
    if document is None or document.xero_id is None or invoice.status != InvoiceStatus.APPROVED:
        return "It is not in Xero: what was never sent is voided or deleted, not credited."
    if document.state == DocumentState.VOIDED:
        return "It is voided in Xero."
    if not any(one.is_open for one in left):
        return "All of it is credited already."
    return ""


def credit_invoice(
    invoice: Invoice,
    *,
    parts: Parts | None,
    reason: str,
    number: str,
    form_token: UUID,
    tenant: Tenant,
    by: str,
    now: datetime,
) -> Invoice:
    """
    The credit note. `parts` None: all that is left; `number`: the supplier's, for a bill's credit. A second click
    with the same token finds the first one's. In the tenant's scope.

    Raises CannotCreditError, NotConnectedError, NoNumberSeriesError.
    """
    related = ("xero_document__connection", "customer")
    locked = Invoice.objects.select_for_update(of=("self",)).select_related(*related).get(pk=invoice.pk)
    standing = locked.credit_notes.filter(public_id=form_token).first()
    if standing is not None:
        return standing
    left = lines_left(locked)
    refusal = why_not_credit(locked, left)
    if refusal:
        raise CannotCreditError(refusal)
    lines = credit_all(left) if parts is None else _parts(left, parts)
    context = sending_context(tenant, to=locked.xero_document.connection)
    context.load_rules({locked.customer.code})
    sender = context.sender(by=by, priority=Priority.INTERACTIVE)
    note = _note(locked, lines, reason=reason, number=number, form_token=form_token, today=context.today(now), now=now)
    approve_invoices([note], sender=sender, now=now)
    set_against(note, locked, sender=sender, now=now)
    total = f"{note.total} {note.currency}"
    record_event(
        action="invoice credited", subject=locked, by=by, now=now, credit_note=note.number, total=total, reason=reason
    )
    return note


def _parts(left: Sequence[LineLeft], parts: Parts) -> list[CreditedLine]:
    found = []
    for one in left:
        quantity, amount = parts.get(one.line.pk, (None, None))
        try:
            line = credit_part(one, quantity=quantity, amount=amount)
        except CannotCreditError as error:
            raise CannotCreditError(f"Line {one.line.position}: {error}") from error
        if line is not None:
            found.append(line)
    if not found:
        raise CannotCreditError("Nothing is to be credited: enter a quantity or an amount beside a line.")
    return found


def _note(
    invoice: Invoice,
    lines: Sequence[CreditedLine],
    *,
    reason: str,
    number: str,
    form_token: UUID,
    today: date,
    now: datetime,
) -> Invoice:
    totals = totals_of(lines)
    if totals.total <= 0:
        raise CannotCreditError(f"The credit comes to {totals.total}, and Xero takes none that is not above 0.")
    note: Invoice = Invoice.objects.create(
        public_id=form_token,
        kind=CREDITS[InvoiceKind(invoice.kind)],
        billing_entity_id=invoice.billing_entity_id,
        customer_id=invoice.customer_id,
        number=number,
        reference=invoice.reference,
        issue_date=today,
        due_date=today,
        currency=invoice.currency,
        exchange_rate=invoice.exchange_rate,
        net_total=totals.net,
        tax_total=totals.tax,
        total=totals.total,
        credited_invoice=invoice,
        credit_reason=reason,
        created_at=now,
    )
    InvoiceLine.objects.bulk_create(_line(one, note, position=position) for position, one in enumerate(lines, start=1))
    return note


def _line(credited: CreditedLine, note: Invoice, *, position: int) -> InvoiceLine:
    amounts, line = credited.amounts, credited.line
    return InvoiceLine(
        invoice=note,
        position=position,
        shipment_id=line.shipment_id,
        credited_line=line,
        charge_code_id=line.charge_code_id,
        description=line.description,
        quantity=credited.quantity,
        unit_price=credited.unit_price,
        discount_percent=credited.discount_percent,
        tax_code_id=line.tax_code_id,
        tax_rate=line.tax_rate,
        cost_centre=line.cost_centre,
        net_amount=amounts.net,
        tax_amount=amounts.tax,
    )

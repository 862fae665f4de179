"""
A document is over in accounting: the invoice follows. Given up or voided there, it is voided here and its charges can
be billed again; taken back, they stand on a new draft with the same lines.
"""

from contextlib import suppress
from datetime import datetime

from freightbridge.audit.record_event import SYSTEM, record_event
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import DocumentState
from integrations.models import XeroDocument
from integrations.outbox.follow_documents import is_taken_back
from invoices.domain import lifecycle
from invoices.domain.billable_shipments import NoBillingEntityError
from invoices.domain.current_content import current_content, write_content
from invoices.domain.redrafting import redraft
from invoices.models import Invoice
from invoices.models.invoice import InvoiceStatus
from invoices.workflows.assess_shipments import assess_shipments
from invoices.workflows.sending_context import sending_context
from invoices.workflows.tax_of_invoice import tax_choice_of

OVER = {DocumentState.CANCELLED: "given up", DocumentState.VOIDED: "voided in accounting"}


def follow(work: Work) -> Again | None:
    """Background work; the subject is a document."""
    with tenant_scope(work.tenant_id):
        document = XeroDocument.objects.get(pk=work.subject_id)
        follow_document(document, tenant=Tenant.objects.get(pk=work.tenant_id), by=SYSTEM, now=read_clock())
    return None


def following_gave_up(work: Work, reason: str) -> None:
    """The invoice's page goes on saying what became of its document; the next news of it tries again."""
    del work, reason


def follow_document(document: XeroDocument, *, tenant: Tenant, by: str, now: datetime) -> None:
    """In the tenant's scope. The same news twice changes nothing, nor does news of one that is not over."""
    state = DocumentState(document.state)
    if document.invoice_id is None or state not in OVER:
        return
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=document.invoice_id)
    if invoice.status == InvoiceStatus.VOIDED:
        return
    lines = invoice.lines.filter(shipment__isnull=False).order_by()
    shipment_ids = sorted(set(lines.values_list("shipment_id", flat=True)))
    lifecycle.void(invoice, now=now)
    record_event(action="invoice voided", subject=invoice, by=by, now=now, because=OVER[state])
    if is_taken_back(document):
        _draft_anew(invoice, document, tenant=tenant, by=by, now=now)
    # Without one nothing can be invoiced; whatever is ready is found once there is one again.
    with suppress(NoBillingEntityError):
        assess_shipments(shipment_ids, tenant=tenant, now=now)


def _draft_anew(voided: Invoice, document: XeroDocument, *, tenant: Tenant, by: str, now: datetime) -> None:
    """With its charges as they are now, unless something is missing of them: the draft then says what."""
    draft = redraft(voided, today=sending_context(tenant, to=document.connection).today(now), now=now)
    content = current_content(draft, tax_of=tax_choice_of(draft))
    if content.differs and not content.obstacle:
        write_content(draft, content)
    record_event(action="invoice drafted", subject=draft, by=by, now=now, replaces=voided.number)

"""A person approves one draft: it gets its number and goes into the outbox, ahead of everybody's bulk."""

from datetime import datetime

from freightbridge.tenancy.models import Tenant
from integrations.models.sync_job import Priority
from invoices.domain.billable_shipments import default_entity
from invoices.domain.current_content import current_content
from invoices.models import Invoice
from invoices.models.invoice import InvoiceStatus
from invoices.workflows.approve_invoices import approve_invoices
from invoices.workflows.route_shipments import context_of_draft
from invoices.workflows.tax_of_invoice import tax_choice_of


class OutdatedDraftError(Exception):
    """Its charges are not what the draft says any more; the message says what to do."""


class DemoCompanyError(Exception):
    """It would go to a demo company, and the person has not said that this is meant."""


def approve_draft(invoice: Invoice, *, tenant: Tenant, by: str, now: datetime, allows_demo: bool = False) -> None:
    """
    In the tenant's scope. Raises OutdatedDraftError, DemoCompanyError, NotConnectedError, LifecycleError,
    NoNumberSeriesError.
    """
    content = current_content(invoice, tax_of=tax_choice_of(invoice))
    if invoice.status == InvoiceStatus.DRAFT and content.differs:
        raise OutdatedDraftError(f"Its charges changed: {content.obstacle or 'delete the draft, and draft it anew.'}")
    context = context_of_draft(invoice, tenant=tenant)
    to = context.connection
    if to is not None and to.is_demo_company and not allows_demo:
        raise DemoCompanyError(f"{to.name} is a demo company in Xero. Confirm that the document is to go there.")
    biller = context.entity or default_entity()
    if to is not None and biller.pk != invoice.billing_entity_id:
        raise OutdatedDraftError(
            f"It was drafted for {invoice.billing_entity.name}, and what goes to {to.name} is billed by {biller.name}. "
            f"Delete the draft, and draft it anew."
        )
    context.load_rules({invoice.customer.code})
    approve_invoices([invoice], sender=context.sender(by=by, priority=Priority.INTERACTIVE), now=now)

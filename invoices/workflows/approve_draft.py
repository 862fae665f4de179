"""A person approves one draft: it gets its number and goes into the outbox, ahead of everybody's bulk."""

from datetime import datetime

from freightbridge.tenancy.models import Tenant
from integrations.models.sync_job import Priority
from invoices.models import Invoice
from invoices.workflows.approve_invoices import approve_invoices
from invoices.workflows.sending_context import sending_context


def approve_draft(invoice: Invoice, *, tenant: Tenant, by: str, now: datetime) -> None:
    """In the tenant's scope. Raises NotConnectedError, LifecycleError, NoNumberSeriesError."""
    context = sending_context(tenant)
    context.load_rules({invoice.customer.code})
    approve_invoices([invoice], sender=context.sender(by=by, priority=Priority.INTERACTIVE), now=now)

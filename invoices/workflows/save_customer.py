"""Saves a customer, and checks the shipments that are billed to him again."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from freightbridge.audit.change import Change, details_of
from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from invoices.domain.billable_shipments import NoBillingEntityError
from invoices.models import Customer, Shipment
from invoices.models.shipment import Readiness
from invoices.workflows.assess_shipments import assess_shipments

# Those that are still to be sent; more than so many are checked again when they are sent.
MOST_CHECKED = 500


def save_customer(customer: Customer, *, changes: Iterable[Change], tenant: Tenant, by: str, now: datetime) -> None:
    """In the tenant's scope."""
    is_new = customer.pk is None
    customer.save()
    waiting = Shipment.objects.filter(bill_to=customer).exclude(readiness=Readiness.NOTHING).order_by("-id")
    # Until the company has said by whom it invoices nothing can be checked.
    with suppress(NoBillingEntityError):
        assess_shipments(list(waiting.values_list("id", flat=True)[:MOST_CHECKED]), tenant=tenant, now=now)
    action = "customer entered" if is_new else "customer changed"
    record_event(action=action, subject=customer, by=by, now=now, **details_of(changes))

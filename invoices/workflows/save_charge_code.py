"""Saves a charge code; what it hinders or allows is checked again."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from freightbridge.audit.change import Change, details_of
from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from invoices.domain.billable_shipments import NoBillingEntityError
from invoices.models import ChargeCode, Shipment
from invoices.models.shipment import Readiness
from invoices.workflows.assess_shipments import assess_shipments

# Those that are still to be sent; more than so many are checked again when they are sent.
MOST_CHECKED = 500


def save_charge_code(code: ChargeCode, *, changes: Iterable[Change], tenant: Tenant, by: str, now: datetime) -> None:
    """In the tenant's scope."""
    is_new = code.pk is None
    code.save()
    waiting = Shipment.objects.filter(charges__charge_code=code).exclude(readiness=Readiness.NOTHING)
    ids = waiting.order_by("-id").values_list("id", flat=True).distinct()[:MOST_CHECKED]
    # Until the company has said by whom it invoices nothing can be checked.
    with suppress(NoBillingEntityError):
        assess_shipments(list(ids), tenant=tenant, now=now)
    action = "charge code entered" if is_new else "charge code changed"
    record_event(action=action, subject=code, by=by, now=now, **details_of(changes))

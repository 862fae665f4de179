"""The one thing to do next with a shipment of the list: mend it, send it, or look at it in Xero."""

from dataclasses import dataclass
from typing import Any

from freightbridge.access.permissions import Permission
from freightbridge.tenancy.models import Tenant
from integrations.mapping.source import DocumentKind
from integrations.models.mapping_rule import RuleSide
from integrations.problem_catalogue.describe import from_json
from integrations.web.mend_address import About, mend_address_in_list
from integrations.web.problem_view import problem_views
from invoices.domain.shipment_queries import ListedInvoice, ListedShipment
from invoices.models import Shipment
from invoices.models.shipment import Readiness


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAction:
    """`address` empty: it is sent. `needs`: a permission's name as templates have it; empty: none."""

    label: str
    address: str = ""
    needs: str = ""
    mends: bool = False


def goes(shipment: Shipment) -> bool:
    """Sending would draft an invoice for it, by its last check."""
    return shipment.readiness == Readiness.READY and not shipment.do_not_send_reason


def row_action(one: ListedShipment, *, xero_address: str, tenant: Tenant) -> RowAction | None:
    """`xero_address`: of its newest document there, or empty."""
    problems = problems_of_row(one)
    if problems:
        return _mend(problems[0], one, tenant)
    if one.shipment.accounting_state in {"ready", "cancelled"} and goes(one.shipment):
        return RowAction(label="Send", needs=Permission.SEND_TO_ACCOUNTING.name.lower())
    return RowAction(label="Open in Xero", address=xero_address) if xero_address else None


def problems_of_row(one: ListedShipment) -> list[dict[str, Any]]:
    """Why it stands where it stands."""
    if one.shipment.accounting_state == "not ready":
        return list(one.shipment.readiness_problems)
    stopped = _stopped(one)
    return stopped.problems if stopped else []


def _mend(problem: dict[str, Any], one: ListedShipment, tenant: Tenant) -> RowAction | None:
    """None where only we or Xero can mend it."""
    stopped, about = _stopped(one), About(shipment_id=one.shipment.public_id)
    side = RuleSide.PURCHASES if stopped and DocumentKind(stopped.kind).is_purchase else RuleSide.SALES
    address = mend_address_in_list(from_json(problem), tenant, about, side=side)
    (view,) = problem_views([problem], tenant=tenant, shipment_id=one.shipment.public_id)
    return RowAction(label=view.mend, address=address, needs=view.needs, mends=True) if address else None


def _stopped(one: ListedShipment) -> ListedInvoice | None:
    state = one.shipment.accounting_state
    if state not in {"attention", "by file"}:
        return None
    return next((invoice for invoice in one.invoices if invoice.state == state), None)

"""What stands on every tab of a shipment: its state, its documents, what is wrong, and what can be done."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404

from freightbridge.access.permission_checks import TenantRequest, reason_against
from freightbridge.access.permissions import Permission
from freightbridge.ui.page_address import page_address
from freightbridge.ui.pill import Pill
from freightbridge.ui.tabs import Tab
from integrations.web.connection_strip import connection_of
from integrations.web.problem_view import ProblemView, SupportText, problem_views, support_text
from integrations.web.state_words import IN_PROGRESS, accounting_pill, money_pill
from integrations.web.xero_links import document_link
from invoices.domain.shipment_queries import ListedInvoice, listed_shipments
from invoices.models import Shipment
from invoices.models.shipment import Readiness
from invoices.web.shipment_rows import InvoiceLink

TABS = (
    ("shipment", "Summary", Permission.VIEW_FREIGHT),
    ("shipment_integration", "Integration", Permission.VIEW_ACCOUNTING_LOG),
    ("shipment_payments", "Payments", Permission.VIEW_FREIGHT),
    ("shipment_documents", "Documents", Permission.VIEW_FREIGHT),
    ("shipment_history", "History", Permission.VIEW_FREIGHT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentView:
    """`stopped`: Xero or we refused a document. `why_not_send`: the reason on a disabled Send; empty where it can."""

    shipment: Shipment
    invoices: list[ListedInvoice]
    links: list[InvoiceLink]
    state: Pill
    money: Pill | None
    problems: list[ProblemView]
    support: SupportText | None
    is_stopped: bool
    is_moving: bool
    why_not_send: str
    tabs: list[Tab]


def find_shipment(public_id: UUID) -> Shipment:
    """Raises Http404, for another company's too."""
    return get_object_or_404(Shipment.objects.select_related("bill_to", "consignee", "buyer"), public_id=public_id)


def shipment_view(request: TenantRequest, public_id: UUID, *, tab: str, now: datetime) -> ShipmentView:
    (listed,) = listed_shipments([find_shipment(public_id)])
    shipment = listed.shipment
    connection = connection_of(request)
    since = max((one.unknown_since for one in listed.invoices if one.unknown_since), default=None)
    stopped = [one for one in listed.invoices if one.state == "attention"]
    problems = problem_views(
        [problem for one in stopped for problem in one.problems] or shipment.readiness_problems,
        tenant=request.tenant,
        shipment_id=shipment.public_id,
    )
    return ShipmentView(
        shipment=shipment,
        invoices=listed.invoices,
        links=[
            InvoiceLink(
                number=one.number or "Draft",
                address=page_address(request.tenant, "invoice", one.public_id),
                xero_address=document_link(
                    short_code=connection.short_code if connection else "", kind=one.kind, xero_id=one.xero_id
                ),
            )
            for one in listed.invoices
        ],
        state=accounting_pill(shipment.accounting_state, unknown_since=since, now=now),
        money=money_pill(shipment.money_state),
        problems=problems,
        support=support_text(problems, number=stopped[0].number, code=stopped[0].support_code) if stopped else None,
        is_stopped=bool(stopped),
        is_moving=shipment.accounting_state in IN_PROGRESS,
        why_not_send=_why_not_send(request, shipment),
        tabs=[
            Tab(
                label=label,
                address=page_address(request.tenant, name, public_id),
                is_current=name == tab,
                reason=reason_against(request.membership, permission),
            )
            for name, label, permission in TABS
        ],
    )


def _why_not_send(request: TenantRequest, shipment: Shipment) -> str:
    forbidden = reason_against(request.membership, Permission.SEND_TO_ACCOUNTING)
    if forbidden:
        return forbidden
    if shipment.do_not_send_reason:
        return f"It is marked as do not send: {shipment.do_not_send_reason}"
    if shipment.readiness == Readiness.NOT_READY:
        return "Something is missing; it is listed on this page."
    if shipment.readiness == Readiness.NOTHING:
        return "There is nothing to invoice: every charge is billed already, or there is none."
    return "" if connection_of(request) else "No organisation in Xero is connected yet."

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
from integrations.models import ConnectionSettings, XeroDocument
from integrations.web.connection_strip import connection_of, connections_of, short_codes_of
from integrations.web.problem_view import ProblemView, SupportText, problem_views, support_text
from integrations.web.state_words import IN_PROGRESS, accounting_pill, money_pill
from integrations.web.xero_links import document_link
from invoices.domain.shipment_queries import ListedInvoice, ListedShipment, listed_shipments
from invoices.models import Shipment
from invoices.models.shipment import Readiness, ShipmentDocument
from invoices.web.invoice_words import kind_word
from invoices.web.shipment_rows import InvoiceLink
from invoices.workflows.compare_with_sent import compare_with_sent
from invoices.workflows.refresh_drafts import outdated_invoices
from invoices.workflows.route_shipments import Destination, destinations_of

SEVERAL = 2
TABS = (
    ("shipment", "Summary", Permission.VIEW_FREIGHT),
    ("shipment_integration", "Integration", Permission.VIEW_ACCOUNTING_LOG),
    ("shipment_payments", "Payments", Permission.VIEW_FREIGHT),
    ("shipment_documents", "Documents", Permission.VIEW_FREIGHT),
    ("shipment_history", "History", Permission.VIEW_FREIGHT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutdatedDocument:
    """`places`: in how many it differs from Xero; 0 where that cannot be told."""

    link: InvoiceLink
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentView:
    """
    `stopped`: Xero or we refused a document. `outdated`: those in Xero that say something else than their charges do
    now. `why_not_send`: the reason on a disabled Send; empty where it can.
    """

    shipment: Shipment
    invoices: list[ListedInvoice]
    links: list[InvoiceLink]
    outdated: list[OutdatedDocument]
    state: Pill
    money: Pill | None
    problems: list[ProblemView]
    support: SupportText | None
    is_stopped: bool
    is_moving: bool
    why_not_send: str
    draft_label: str
    goes_to: Destination | None
    tabs: list[Tab]


def find_shipment(public_id: UUID) -> Shipment:
    """Raises Http404, for another company's too."""
    return get_object_or_404(
        Shipment.objects.select_related("bill_to__tax_code", "consignee__tax_code", "buyer__tax_code"),
        public_id=public_id,
    )


def shipment_view(request: TenantRequest, public_id: UUID, *, tab: str, now: datetime) -> ShipmentView:
    (listed,) = listed_shipments([find_shipment(public_id)])
    shipment = listed.shipment
    short_codes, names = short_codes_of(request), {one.pk: one.name for one in connections_of(request)}
    since = max((one.unknown_since for one in listed.invoices if one.unknown_since), default=None)
    stopped = [one for one in listed.invoices if one.state == "attention"]
    filed = [one for one in listed.invoices if one.state == "by file"]
    problems, places = _problems(request, shipment, stopped or filed), _outdated(listed)

    def link(one: ListedInvoice) -> InvoiceLink:
        return InvoiceLink(
            number=one.number or "Draft",
            kind=kind_word(one.kind),
            address=page_address(request.tenant, "invoice", one.public_id),
            xero_address=document_link(
                short_code=short_codes.get(one.connection_id or 0, ""), kind=one.kind, xero_id=one.xero_id
            ),
            organisation=names.get(one.connection_id or 0, ""),
        )

    return ShipmentView(
        shipment=shipment,
        invoices=listed.invoices,
        links=[link(one) for one in listed.invoices],
        outdated=[
            OutdatedDocument(link=link(one), places=places[one.public_id])
            for one in listed.invoices
            if one.public_id in places
        ],
        state=accounting_pill(shipment.accounting_state, unknown_since=since, now=now),
        money=money_pill(shipment.money_state),
        problems=problems,
        support=support_text(problems, number=stopped[0].number, code=stopped[0].support_code) if stopped else None,
        is_stopped=bool(stopped),
        is_moving=shipment.accounting_state in IN_PROGRESS,
        why_not_send=_why_not_send(request, shipment),
        draft_label="Draft quote" if _becomes(request, shipment) == ShipmentDocument.QUOTE else "Draft invoice",
        goes_to=_goes_to(request, shipment),
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


def _problems(request: TenantRequest, shipment: Shipment, stopped: list[ListedInvoice]) -> list[ProblemView]:
    """Of each document that was stopped; where none was, what the shipment itself is lacking."""
    of_documents = [
        view
        for one in stopped
        for view in problem_views(
            one.problems, tenant=request.tenant, shipment_id=shipment.public_id, invoice_id=one.public_id
        )
    ]
    return of_documents or problem_views(
        shipment.readiness_problems, tenant=request.tenant, shipment_id=shipment.public_id
    )


def _outdated(listed: ListedShipment) -> dict[UUID, int]:
    """In how many places each one in Xero differs, by the public id of those that do."""
    in_xero = {one.public_id for one in listed.invoices if one.state == "in xero"}
    changed = [one.pk for one in outdated_invoices([listed.shipment.pk]) if one.public_id in in_xero] if in_xero else []
    documents = XeroDocument.objects.filter(invoice__in=changed) if changed else XeroDocument.objects.none()
    loaded = documents.select_related("invoice__customer", "invoice__billing_entity")
    return {one.invoice.public_id: compare_with_sent(one.invoice, one).places for one in loaded if one.invoice}


def _has_ready_side(shipment: Shipment) -> bool:
    """Whoever sends can choose the sales alone; the costs never go without sales that lack something."""
    if shipment.sales_readiness == Readiness.NOTHING:
        return bool(shipment.cost_readiness == Readiness.READY)
    return bool(shipment.sales_readiness == Readiness.READY)


def _becomes(request: TenantRequest, shipment: Shipment) -> str:
    if shipment.document:
        return str(shipment.document)
    connection = connection_of(request)
    rules = ConnectionSettings.objects.filter(connection=connection).first() if connection else None
    return str(rules.document) if rules else ShipmentDocument.INVOICE


def _goes_to(request: TenantRequest, shipment: Shipment) -> Destination | None:
    """Said only where there is a choice."""
    if len(connections_of(request)) < SEVERAL:
        return None
    return next(iter(destinations_of(Shipment.objects.filter(pk=shipment.pk))), None)


def _why_not_send(request: TenantRequest, shipment: Shipment) -> str:
    forbidden = reason_against(request.membership, Permission.SEND_TO_ACCOUNTING)
    if forbidden:
        return forbidden
    if shipment.do_not_send_reason:
        return f"It is marked as do not send: {shipment.do_not_send_reason}"
    if not _has_ready_side(shipment) and Readiness.NOT_READY in {shipment.sales_readiness, shipment.readiness}:
        return "Something is missing; it is listed on this page."
    if not _has_ready_side(shipment):
        return "There is nothing to invoice: every charge is billed already, or there is none."
    return "" if connection_of(request) else "No organisation in Xero is connected yet."

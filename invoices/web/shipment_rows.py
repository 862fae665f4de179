"""A row of the shipment list as strings: a template that formats fifty rows itself costs more than the queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from freightbridge.ui.pill import Pill
from integrations.web.problem_view import problem_sentence
from integrations.web.state_words import accounting_pill, money_pill
from integrations.web.xero_links import document_link
from invoices.domain.shipment_queries import ListedInvoice, ListedShipment, listed_shipments
from invoices.models import Shipment
from invoices.models.shipment import Readiness, TransportMode

SHOWN_INVOICES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLink:
    number: str
    address: str
    xero_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentRow:
    """`cents` is the amount in hundredths, for the sum of what is selected."""

    public_id: str
    address: str
    number: str
    job_type: str
    customer_code: str
    customer_name: str
    mode: str
    route: str
    day: str
    reference: str
    currency: str
    amount: str
    cents: int
    state: Pill
    cause: str
    goes: bool
    invoices: list[InvoiceLink]
    more_invoices: int
    money: Pill | None


def shipment_rows(
    shipments: Sequence[Shipment], *, tenant: Tenant, short_code: str, now: datetime
) -> list[ShipmentRow]:
    """`short_code`: of the organisation, for links into Xero. Three queries."""
    return [_row(one, tenant, short_code, now) for one in listed_shipments(shipments)]


def _row(one: ListedShipment, tenant: Tenant, short_code: str, now: datetime) -> ShipmentRow:
    shipment = one.shipment
    since = max((invoice.unknown_since for invoice in one.invoices if invoice.unknown_since), default=None)
    return ShipmentRow(
        public_id=str(shipment.public_id),
        address=page_address(tenant, "shipment", shipment.public_id),
        number=shipment.number,
        job_type=shipment.get_job_type_display(),
        customer_code=shipment.bill_to.code if shipment.bill_to else "",
        customer_name=shipment.bill_to.name if shipment.bill_to else "",
        mode=shipment.get_mode_display() if shipment.mode != TransportMode.UNKNOWN else "",
        route=" → ".join(filter(None, [shipment.origin, shipment.destination])),
        day=day_text(shipment.etd_date or shipment.list_date),
        reference=shipment.customer_reference,
        currency=shipment.currency,
        amount=f"{one.net:,.2f}",
        cents=int(one.net * Decimal(100)),
        state=accounting_pill(shipment.accounting_state, unknown_since=since, now=now),
        cause=_cause(one),
        goes=shipment.readiness == Readiness.READY and not shipment.do_not_send_reason,
        invoices=[_link(invoice, tenant, short_code) for invoice in one.invoices[:SHOWN_INVOICES]],
        more_invoices=max(0, len(one.invoices) - SHOWN_INVOICES),
        money=money_pill(shipment.money_state),
    )


def _cause(one: ListedShipment) -> str:
    """The sentence under the state: why it stands where it stands."""
    shipment = one.shipment
    if shipment.accounting_state == "attention":
        stopped = next((invoice for invoice in one.invoices if invoice.state == "attention"), None)
        return problem_sentence(stopped.problems) if stopped else ""
    if shipment.accounting_state == "do not send":
        return shipment.do_not_send_reason
    return problem_sentence(shipment.readiness_problems) if shipment.accounting_state == "not ready" else ""


def _link(invoice: ListedInvoice, tenant: Tenant, short_code: str) -> InvoiceLink:
    return InvoiceLink(
        number=invoice.number or "Draft",
        address=page_address(tenant, "invoice", invoice.public_id),
        xero_address=document_link(short_code=short_code, kind=invoice.kind, xero_id=invoice.xero_id),
    )


def day_text(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""

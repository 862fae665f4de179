"""A row of the shipment list as strings: a template that formats fifty rows itself costs more than the queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from freightbridge.ui.pill import Pill
from integrations.web.problem_view import problem_sentence
from integrations.web.state_words import accounting_pill, money_pill
from integrations.web.xero_links import document_link
from invoices.domain.shipment_queries import ListedInvoice, ListedShipment, listed_shipments
from invoices.models import Shipment
from invoices.models.shipment import JobType, ShipmentStatus, TransportMode
from invoices.web.invoice_words import kind_word
from invoices.web.row_action import RowAction, goes, problems_of_row, row_action

# Words by value: asking the field for the word of each row costs more than all else of the row.
JOB_TYPES, STATUSES = dict(JobType.choices), dict(ShipmentStatus.choices)
MODES = dict(TransportMode.choices) | {TransportMode.UNKNOWN: ""}
# What a row tells of a shipment: each further column of these wide rows is paid for in every list.
OF_ROWS = (
    *("public_id", "tenant", "number", "job_type", "status", "mode", "origin", "destination", "etd_date", "list_date"),
    *("customer_reference", "references", "branch", "currency", "accounting_state", "money_state", "readiness"),
    *("readiness_problems", "do_not_send_reason", "bill_to__code", "bill_to__name"),
)
SHOWN_INVOICES = 2
SHOWN_REFERENCES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLink:
    """`kind`: in words, where it is no sales invoice. `organisation`: where it is, where that is said."""

    number: str
    kind: str
    address: str
    xero_address: str
    organisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentRow:
    """`cents`: the amount in hundredths, for the sum of what is selected."""

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
    bills: str
    containers: str
    branch: str
    status: str
    currency: str
    amount: str
    cents: int
    state: Pill
    cause: str
    goes: bool
    invoices: list[InvoiceLink]
    more_invoices: int
    exported: str
    money: Pill | None
    action: RowAction | None


def rows_to_show(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """With what a row tells of them, and nothing else."""
    return shipments.select_related("bill_to").only(*OF_ROWS)


def shipment_rows(
    shipments: Sequence[Shipment], *, tenant: Tenant, short_codes: Mapping[int, str], now: datetime
) -> list[ShipmentRow]:
    """`shipments`: as `rows_to_show` reads them. `short_codes`: by connection, for links into Xero. Three queries."""
    return [_row(one, tenant, short_codes, now) for one in listed_shipments(shipments)]


def _row(one: ListedShipment, tenant: Tenant, short_codes: Mapping[int, str], now: datetime) -> ShipmentRow:
    shipment = one.shipment
    links = [_link(invoice, tenant, short_codes) for invoice in one.invoices]
    xero_address = next((link.xero_address for link in links if link.xero_address), "")
    since = max((invoice.unknown_since for invoice in one.invoices if invoice.unknown_since), default=None)
    return ShipmentRow(
        public_id=str(shipment.public_id),
        address=page_address(tenant, "shipment", shipment.public_id),
        number=shipment.number,
        job_type=JOB_TYPES.get(shipment.job_type, shipment.job_type),
        customer_code=shipment.bill_to.code if shipment.bill_to else "",
        customer_name=shipment.bill_to.name if shipment.bill_to else "",
        mode=MODES.get(shipment.mode, shipment.mode),
        route=" → ".join(filter(None, [shipment.origin, shipment.destination])),
        day=day_text(shipment.etd_date or shipment.list_date),
        reference=shipment.customer_reference,
        bills=_references(shipment, "bl", "awb"),
        containers=_references(shipment, "container"),
        branch=shipment.branch,
        status=STATUSES.get(shipment.status, shipment.status),
        currency=shipment.currency,
        amount=f"{one.net:,.2f}",
        cents=int(one.net * Decimal(100)),
        state=accounting_pill(shipment.accounting_state, unknown_since=since, now=now),
        cause=_cause(one),
        goes=goes(shipment),
        invoices=links[:SHOWN_INVOICES],
        more_invoices=max(0, len(one.invoices) - SHOWN_INVOICES),
        exported=_exported(one, tenant),
        money=money_pill(shipment.money_state),
        action=row_action(one, xero_address=xero_address, tenant=tenant),
    )


def _references(shipment: Shipment, *kinds: str) -> str:
    """The first few, and how many more there are."""
    found = [text for kind in kinds for text in shipment.references.get(kind, [])]
    more = len(found) - SHOWN_REFERENCES
    return ", ".join([*found[:SHOWN_REFERENCES], *([f"+ {more} more"] if more > 0 else [])])


def _exported(one: ListedShipment, tenant: Tenant) -> str:
    """The day on which something of it last went to accounting, by file or through the API (F70)."""
    moments = [invoice.exported_at for invoice in one.invoices if invoice.exported_at]
    return day_text(max(moments).astimezone(tenant.zone).date()) if moments else ""


def _cause(one: ListedShipment) -> str:
    """The sentence under the state: why it stands where it stands."""
    if one.shipment.accounting_state == "do not send":
        return one.shipment.do_not_send_reason
    return problem_sentence(problems_of_row(one))


def _link(invoice: ListedInvoice, tenant: Tenant, short_codes: Mapping[int, str]) -> InvoiceLink:
    return InvoiceLink(
        number=invoice.number or "Draft",
        kind=kind_word(invoice.kind),
        address=page_address(tenant, "invoice", invoice.public_id),
        xero_address=document_link(
            short_code=short_codes.get(invoice.connection_id or 0, ""), kind=invoice.kind, xero_id=invoice.xero_id
        ),
    )


def day_text(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""

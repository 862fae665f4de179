"""Documents with what Xero says of them and of their money, and the accounting log of a shipment."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from freightbridge.access.api_scopes import Scope
from freightbridge.rest.endpoints import Answer, Call, Endpoint
from freightbridge.rest.json_shapes import Choice, Identifier, Member, Moment, Text
from freightbridge.rest.list_page import PAGING, list_of, list_page
from freightbridge.ui.keyset import Order
from freightbridge.ui.page_address import page_address
from integrations.accounting_log.entries_of import entries_of_shipments
from integrations.api.accounting_schemas import DOCUMENT, LOG_ENTRY, problems_json, whole_address
from integrations.connection.active_connection import active_connections
from integrations.job_states import DocumentState, MoneyState
from integrations.models import AccountingLogEntry, SyncJob, XeroDocument
from integrations.web.log_lines import log_lines
from integrations.web.xero_links import document_link
from invoices.models import Invoice, InvoiceLine, Shipment
from invoices.web.document_rows import invoice_pill

NEWEST = Order(("id",))
LOG_NEWEST = Order(("at", "id"))
FILTERS = {
    "number": Member(shape=Text(longest=100), about="Those with this number."),
    "shipment": Member(shape=Identifier(), about="Those that bill the shipment with this id."),
    "state": Member(shape=Choice([state.value for state in DocumentState])),
    "money": Member(shape=Choice([state.value for state in MoneyState if state])),
    "updated_since": Member(shape=Moment(), about="Those of which anything was learnt at or after this moment."),
}


def list_documents(call: Call) -> Answer:
    rows = _documents()
    wanted = {
        "number": call.query["number"],
        "xero_document__state": call.query["state"],
        "xero_document__money_state": call.query["money"],
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    if call.query["shipment"] is not None:
        lines = InvoiceLine.objects.filter(shipment__public_id=call.query["shipment"])
        rows = rows.filter(pk__in=lines.values("invoice_id"))
    if call.query["updated_since"] is not None:
        learnt = AccountingLogEntry.objects.filter(at__gte=call.query["updated_since"], document__isnull=False)
        rows = rows.filter(xero_document__in=learnt.values("document_id"))

    def shown(invoices: Sequence[Invoice]) -> list[dict[str, Any]]:
        return _documents_json(invoices, call)

    return list_page(call, rows, order=NEWEST, path="/api/v1/documents", shown=shown)


def read_document(call: Call, public_id: UUID) -> Answer:
    return Answer(body=_documents_json([get_object_or_404(_documents(), public_id=public_id)], call)[0])


def list_log(call: Call, public_id: UUID) -> Answer:
    shipment = get_object_or_404(Shipment, public_id=public_id)
    entries = entries_of_shipments([shipment.public_id])
    path = f"/api/v1/shipments/{public_id}/log"
    return list_page(call, entries, order=LOG_NEWEST, path=path, shown=_log_json)


def _documents() -> QuerySet[Invoice]:
    return Invoice.objects.select_related("customer", "xero_document")


def _documents_json(invoices: Sequence[Invoice], call: Call) -> list[dict[str, Any]]:
    """Four queries for any number."""
    ids = [invoice.pk for invoice in invoices]
    shipments: dict[int, list[str]] = defaultdict(list)
    lines = InvoiceLine.objects.filter(invoice__in=ids, shipment__isnull=False).order_by("shipment__number")
    for invoice_id, number in lines.values_list("invoice_id", "shipment__number").distinct():
        shipments[invoice_id].append(number)
    jobs = SyncJob.objects.filter(invoice__in=ids).order_by("id").values_list("invoice_id", "problems")
    problems = dict(jobs)
    short_codes = {one.pk: one.short_code for one in active_connections()}
    return [
        _invoice_json(invoice, call)
        | {"shipments": shipments[invoice.pk]}
        | _xero_json(invoice, call, problems.get(invoice.pk) or [], short_codes)
        for invoice in invoices
    ]


def _invoice_json(invoice: Invoice, call: Call) -> dict[str, Any]:
    return {
        "id": str(invoice.public_id),
        "number": invoice.number,
        "kind": invoice.kind,
        "status": invoice.status,
        "customer": invoice.customer.code,
        "issue_date": invoice.issue_date.isoformat(),
        "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
        "currency": invoice.currency,
        "net_total": _money(invoice.net_total),
        "tax_total": _money(invoice.tax_total),
        "total": _money(invoice.total),
        "page": whole_address(page_address(call.tenant, "invoice", invoice.public_id)),
    }


def _xero_json(
    invoice: Invoice, call: Call, problems: list[dict[str, Any]], short_codes: dict[int, str]
) -> dict[str, Any]:
    document: XeroDocument | None = getattr(invoice, "xero_document", None)
    pill = invoice_pill(invoice, document, now=call.now)
    if document is None:
        nothing = dict.fromkeys((*AMOUNTS, "state", "xero_id", "sent_at", "fully_paid_date"))
        empty = {"state_text": pill.label, "money": "", "xero_status": "", "xero_page": "", "has_pdf": False}
        return {**nothing, **empty, "problems": [], "payments": []}
    is_stopped = document.state == DocumentState.ATTENTION
    short_code = short_codes.get(document.connection_id, "")
    return {
        "state": document.state,
        "state_text": pill.label,
        "problems": problems_json(problems, tenant=call.tenant, invoice_id=invoice.public_id) if is_stopped else [],
        "xero_id": str(document.xero_id) if document.xero_id else None,
        "xero_status": document.xero_status,
        "xero_page": document_link(short_code=short_code, kind=invoice.kind, xero_id=document.xero_id),
        "sent_at": _moment(document.sent_at),
        "has_pdf": document.has_pdf,
        "money": document.money_state,
        **{name: _money(getattr(document, name)) for name in AMOUNTS},
        "fully_paid_date": document.fully_paid_date.isoformat() if document.fully_paid_date else None,
        "payments": [
            {name: line.get(name) for name in ("date", "amount", "kind", "number")} for line in document.payments
        ],
    }


def _log_json(entries: Sequence[AccountingLogEntry]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(line.key),
            "at": line.at.isoformat(),
            "result": entry.result,
            "event": line.event,
            "text": line.text,
            "code": line.code,
            "xero_text": line.xero_text,
            "document": line.document,
            "document_id": str(line.invoice_id) if line.invoice_id else None,
            "actor": line.actor,
            "support_code": line.support_code,
            "call": line.call,
        }
        for entry, line in zip(entries, log_lines(entries), strict=True)
    ]


AMOUNTS = ("amount_due", "amount_paid", "amount_credited")


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


DOCUMENT_READING = (
    Endpoint(
        method="GET", path="documents", name="list_documents", summary="List documents, newest first",
        scope=Scope.READ_ACCOUNTING, do=list_documents, query={**FILTERS, **PAGING}, answers=list_of(DOCUMENT),
        is_list=True,
    ),
    Endpoint(
        method="GET", path="documents/<uuid:public_id>", name="read_document",
        summary="A document: where it stands in Xero, and its money", scope=Scope.READ_ACCOUNTING, do=read_document,
        answers=DOCUMENT,
    ),
    Endpoint(
        method="GET", path="shipments/<uuid:public_id>/log", name="list_log",
        summary="The accounting log of a shipment, newest first", scope=Scope.READ_ACCOUNTING, do=list_log,
        query=PAGING, answers=list_of(LOG_ENTRY), is_list=True,
    ),
)  # fmt: skip

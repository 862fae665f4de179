"""Every list with each of its filters, searches and tabs, at its beginning and in its depth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.keyset import Order, position_of
from integrations.models import AccountingLogEntry, XeroDocument
from invoices.models import Invoice, Shipment
from invoices.web.invoice_list_pages import TABS as INVOICE_TABS
from invoices.web.shipment_tabs import TABS as SHIPMENT_TABS

Query = Mapping[str, Any]
ORDERS: dict[str, tuple[Any, Order]] = {
    "shipments": (Shipment, Order(("list_date", "id"))),
    "invoices": (Invoice, Order(("issue_date", "id"))),
    "accounting_logs": (AccountingLogEntry, Order(("at", "id"))),
}
# Of each filter a value that many rows have, and one that few or none have.
PLAIN: dict[str, tuple[Query, ...]] = {
    "shipments": (
        *({"state": tab.name} for tab in SHIPMENT_TABS),
        {"mode": "air"}, {"mode": "rail"}, {"job_type": "booking"}, {"job_type": "warehouse"},
        {"branch": "Sydney"}, {"branch": "Nowhere"}, {"currency": "aud"}, {"currency": "XPF"},
        {"cause": "ready"}, {"cause": "moving"}, {"cause": "FB-101"}, {"cause": "FB-405"}, {"cause": "FB-999"},
        {"money": "unsent"}, {"money": "unpaid"}, {"money": "part-paid"},
        {"exported": "yes"}, {"exported": "no"}, {"exported": "file"},
        {"exported_from": "2026-03-01"}, {"exported_to": "2024-01-01"},
        {"from_date": "2026-01-15", "to_date": "2026-02-14"}, {"to_date": "2020-01-01"},
        {"new_since": "2026-03-02T00:00:00+00:00"}, {"new_since": "2031-01-01T00:00:00+00:00"},
        {"mode": "air", "state": "needs-attention", "from_date": "2025-06-01"},
    ),
    "invoices": (
        *({"state": name} for name in INVOICE_TABS),
        {"kind": "sales invoice"}, {"kind": "bill"}, {"currency": "aud"}, {"currency": "XPF"},
        {"money": "open"}, {"money": "unpaid"}, {"money": "part-paid"},
        {"due_from": "2026-01-15", "due_to": "2026-02-14"}, {"due_to": "2020-01-01"},
        {"sent_from": "2026-03-01"}, {"sent_to": "2020-01-01"},
    ),
    "accounting_logs": (
        {}, {"result": "done"}, {"result": "waiting"}, {"code": "FB-101"}, {"code": "FB-999"},
        {"direction": "webhook"}, {"direction": "poll"}, {"checks": "shown"},
        {"from_date": "2026-01-15", "to_date": "2026-02-14"}, {"to_date": "2020-01-01"},
    ),
    "attention": ({},), "attention_count": ({},), "attention_top": ({},), "receivables": ({},),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """`page`: the name of its URL."""

    page: str
    query: Query = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.page} {' '.join(f'{name}={value}' for name, value in self.query.items())}".strip()


def list_addresses(tenant: Tenant) -> Iterator[Address]:
    """What is looked for occurs among the tenant's rows, in its middle."""
    for page, queries in PLAIN.items():
        yield from (Address(page, query) for query in queries)
    with tenant_scope(tenant):
        searches, deep = list(_searches()), list(_deep())
    yield from searches
    yield from deep


def _searches() -> Iterator[Address]:
    document = XeroDocument.objects.filter(xero_id__isnull=False).select_related("invoice").order_by("id")[100]
    shipment = Shipment.objects.select_related("bill_to").filter(invoice_lines__invoice=document.invoice_id)[0]
    invoice, entry = document.invoice, document.log_entries.exclude(correlation_id="")[0]
    assert shipment.bill_to is not None
    piece = shipment.customer_reference[1:].lower()
    begins = [shipment.number[:length] for length in (2, 7)]
    of_shipments = [shipment.number.lower(), *begins, piece, invoice.number, invoice.number[:6], entry.correlation_id]
    for text in (*of_shipments, str(document.xero_id), f"{shipment.number} {invoice.number}", "nothing-of-this"):
        yield Address("shipments", {"q": text})
        yield Address("find", {"q": text})
    for text in (invoice.number.lower(), invoice.number[:6], shipment.number[:7], "nothing-of-this"):
        yield Address("invoices", {"q": text})
    for text in (invoice.number, invoice.number[:6], entry.correlation_id, entry.text[3:], "nothing-of-this"):
        yield Address("accounting_logs", {"q": text})
    yield Address("accounting_logs", {"q": entry.text, "result": "failed"})
    yield Address("accounting_logs", {"shipment": str(shipment.public_id)})
    for customer in (shipment.bill_to.code, shipment.bill_to.name, "NOBODY"):
        yield Address("shipments", {"customer": customer})
        yield Address("invoices", {"customer": customer})
    yield Address("shipments", {"customer": shipment.bill_to.code, "q": shipment.number[:2], "state": "in-xero"})


def _deep() -> Iterator[Address]:
    """The last full page, forward and backward."""
    for page, (model, order) in ORDERS.items():
        position = position_of(model.objects.order_by(*order.fields)[60], order)
        yield Address(page, {"after": position})
        yield Address(page, {"before": position})

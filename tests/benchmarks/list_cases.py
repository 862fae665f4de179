"""
The lists with their filters and searches, and the barest SQL that fetches the same rows and counts.

Of shipments: the columns shown, the sum of what is sold, each invoice that is not voided with its document and what
stopped it, and a count for each tab. Of invoices: the columns shown with the document's state, and the counts. Of the
log: each entry with its document, invoice, job, send and call, and the numbers of the shipments that it bills. Of what
needs attention: how many documents and shipments each cause holds up, over how much in each currency, and since when.
Not fetched: what the frame of a page and its filters offer, such as views, people, banners and notices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

CAPPED, SHOWN = 1001, 51
ATTENTION_PAGE = "attention page"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """`page`: the name of its URL. `order`: the columns by which it falls. `tabs`: conditions of those it counts."""

    page: str
    columns: str
    tables: str
    order: tuple[str, str]
    tabs: tuple[str, ...] = ()


SHIPMENTS = ListKind(
    page="shipments",
    columns=(
        "s.id, s.public_id, s.number, s.job_type, c.code, c.name, s.mode, s.origin, s.destination, s.etd_date, "
        "s.list_date, s.currency, s.readiness, s.readiness_problems, s.do_not_send_reason, s.accounting_state, "
        "s.money_state, s.customer_reference, "
        "(SELECT sum(round(h.quantity * h.unit_price, 2)) FROM invoices_shipmentcharge h "
        "WHERE h.shipment_id = s.id AND h.side = 'sell'), "
        "(SELECT array_agg(DISTINCT (i.id, i.public_id, i.number, i.kind, d.state, d.xero_id, d.connection_id, "
        "d.unknown_since, d.exported_at, d.sent_at, j.problems)) "
        "FROM invoices_invoiceline l JOIN invoices_invoice i ON i.id = l.invoice_id AND i.status <> 'voided' "
        "LEFT JOIN integrations_xerodocument d ON d.invoice_id = i.id "
        "LEFT JOIN integrations_syncjob j ON j.invoice_id = i.id WHERE l.shipment_id = s.id)"
    ),
    tables="invoices_shipment s LEFT JOIN invoices_customer c ON c.id = s.bill_to_id",
    order=("s.list_date", "s.id"),
    tabs=(
        "true", "s.accounting_state = 'not ready'", "s.accounting_state IN ('ready', 'cancelled')",
        "s.accounting_state IN ('queued', 'sending', 'unknown')", "s.accounting_state = 'attention'",
        "s.accounting_state = 'by file'", "s.accounting_state = 'in xero'", "s.accounting_state = 'do not send'",
    ),
)  # fmt: skip
INVOICES = ListKind(
    page="invoices",
    columns=(
        "i.id, i.public_id, i.number, c.code, c.name, i.kind, i.status, i.issue_date, i.due_date, i.reference, "
        "i.currency, i.total, d.state, d.unknown_since, d.sent_at, d.xero_id, d.connection_id, d.money_state"
    ),
    tables=(
        "invoices_invoice i JOIN invoices_customer c ON c.id = i.customer_id "
        "LEFT JOIN integrations_xerodocument d ON d.invoice_id = i.id"
    ),
    order=("i.issue_date", "i.id"),
    tabs=(
        "true", "i.status = 'draft'", "d.state IN ('queued', 'sending', 'unknown')", "d.state = 'attention'",
        "d.state = 'in xero'", "i.status = 'voided'",
    ),
)  # fmt: skip
LOG = ListKind(
    page="accounting_logs",
    columns=(
        "e.id, e.public_id, e.at, e.result, e.direction, e.event, e.text, e.problem_code, e.details, e.actor, "
        "e.correlation_id, d.number, i.public_id, j.public_id, b.number, a.public_id, a.method, a.path, a.http_status, "
        "a.sent_at, a.finished_at, a.raw_removed_at, "
        "(SELECT array_agg(DISTINCT s.number ORDER BY s.number) FROM invoices_invoiceline l "
        "JOIN invoices_shipment s ON s.id = l.shipment_id WHERE l.invoice_id = d.invoice_id)"
    ),
    tables=(
        "integrations_accountinglogentry e LEFT JOIN integrations_xerodocument d ON d.id = e.document_id "
        "LEFT JOIN invoices_invoice i ON i.id = d.invoice_id LEFT JOIN integrations_syncjob j ON j.id = e.job_id "
        "LEFT JOIN integrations_sendbatch b ON b.id = j.batch_id "
        "LEFT JOIN integrations_syncattempt a ON a.id = e.attempt_id"
    ),
    order=("e.at", "e.id"),
)

ATTENTION = ListKind(page="attention", columns="", tables="", order=("", ""))
# For the same problems in the same currency: the shipments, since when, the documents, and the sum before tax. Of a
# document's lines the first tells its sum, of a shipment what no invoice bills yet.
CAUSES = """
    SELECT j.problems, d.currency, array_agg(l.shipment_id), min(j.finished_at),
        count(*) FILTER (WHERE coalesce(l.position, 1) = 1),
        sum(i.net_total) FILTER (WHERE coalesce(l.position, 1) = 1)
    FROM integrations_syncjob j JOIN integrations_xerodocument d ON d.id = j.document_id
    JOIN invoices_invoice i ON i.id = j.invoice_id LEFT JOIN invoices_invoiceline l ON l.invoice_id = i.id
    WHERE j.tenant_id = %(tenant)s AND j.problem_code <> '' AND j.state = 'attention' GROUP BY 1, 2
    UNION ALL
    SELECT s.readiness_problems, s.currency, array_agg(s.id), min(s.not_ready_since), 0,
        sum(round(h.quantity * h.unit_price, 2)) FILTER (WHERE h.side = 'sell')
    FROM invoices_shipment s LEFT JOIN invoices_shipmentcharge h ON h.shipment_id = s.id AND h.invoice_id IS NULL
    WHERE s.tenant_id = %(tenant)s AND s.accounting_state = 'not ready' GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`query`: as it stands in the address; `where` and `tab`: the same in SQL, with `values` by name."""

    name: str
    kind: ListKind
    query: Mapping[str, str] = field(default_factory=dict)
    where: str = "true"
    tab: str = "true"
    values: Mapping[str, object] = field(default_factory=dict)
    is_deep: bool = False
    # In the place of rows and counts, of a page that adds up what waits.
    sums: str = ""


def cases_of(number: str, whole: str, customer: str, day: date) -> tuple[Case, ...]:
    """
    `number`: of a shipment that was copied; `whole`: with which no other one begins; `customer`: a code; `day`: one
    within the two years.
    """
    beginning, piece = number[:7], f"o-{number.rpartition('-')[2]}"
    return (
        Case(name="shipments", kind=SHIPMENTS),
        Case(name="shipments, deep", kind=SHIPMENTS, is_deep=True),
        Case(name="shipments that need attention", kind=SHIPMENTS, query={"state": "needs-attention"},
             tab="s.accounting_state = 'attention'"),
        Case(name="shipments of a customer", kind=SHIPMENTS, query={"customer": customer},
             where="c.code = %(code)s", values={"code": customer}),
        Case(name="shipments from a day on", kind=SHIPMENTS, query={"from_date": day.isoformat()},
             where="s.list_date >= %(day)s", values={"day": day}),
        Case(name="shipments paid", kind=SHIPMENTS, query={"money": "paid"}, where="s.money_state = 'paid'"),
        Case(name="shipments by number", kind=SHIPMENTS, query={"q": whole},
             where="s.number = %(number)s", values={"number": whole}),
        Case(name="shipments by the beginning of a number", kind=SHIPMENTS, query={"q": beginning},
             where="s.id IN (SELECT id FROM invoices_shipment WHERE number ^@ %(begins)s LIMIT 500)",
             values={"begins": beginning}),
        Case(name="shipments by a piece of a reference", kind=SHIPMENTS, query={"q": piece},
             where="s.id IN (SELECT search_shipments(%(piece)s))", values={"piece": piece}),
        Case(name="invoices", kind=INVOICES),
        Case(name="invoices, deep", kind=INVOICES, is_deep=True),
        Case(name="invoices that need attention", kind=INVOICES, query={"state": "needs-attention"},
             tab="d.state = 'attention'"),
        Case(name="invoices of a customer", kind=INVOICES, query={"customer": customer},
             where="c.code = %(code)s", values={"code": customer}),
        Case(name="invoices by the beginning of a number", kind=INVOICES, query={"q": "INV-00001"},
             where="i.number ^@ 'INV-00001'"),
        Case(name="log", kind=LOG),
        Case(name="log, deep", kind=LOG, is_deep=True),
        Case(name="log of failures", kind=LOG, query={"result": "failed"}, where="e.result = 'failed'"),
        Case(name=ATTENTION_PAGE, kind=ATTENTION, sums=CAUSES),
    )  # fmt: skip


def rows_sql(case: Case) -> str:
    """With the values of the case, `tenant`, and for a deep one `first` and `second` of the row before."""
    if case.sums:
        return case.sums
    kind, (first, second) = case.kind, case.kind.order
    beyond = f"({first}, {second}) < (%(first)s, %(second)s)" if case.is_deep else "true"
    return (
        f"SELECT {kind.columns} FROM {kind.tables} WHERE {first[0]}.tenant_id = %(tenant)s AND {case.where} "  # noqa: S608
        f"AND {case.tab} AND {beyond} ORDER BY {first} DESC, {second} DESC LIMIT {SHOWN}"
    )


def counts_sql(case: Case) -> str:
    """Over the tabs, none of which is counted to the end; empty where the list has no tabs."""
    kind = case.kind
    alias = kind.order[0][:1]
    return " UNION ALL ".join(
        f"SELECT count(*) FROM (SELECT 1 FROM {kind.tables} WHERE {alias}.tenant_id = %(tenant)s AND {case.where} "  # noqa: S608
        f"AND {tab} LIMIT {CAPPED}) counted"
        for tab in kind.tabs
    )

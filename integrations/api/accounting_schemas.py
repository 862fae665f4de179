"""What the API tells of sends, documents, the log and the connection: with the words of the pages."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings

from freightbridge.rest.json_shapes import (
    Choice,
    Day,
    Flag,
    Identifier,
    ListOf,
    Member,
    Moment,
    Record,
    Shape,
    Text,
    Whole,
)
from freightbridge.tenancy.models import Tenant
from integrations.job_states import DocumentState, LogResult, MoneyState
from integrations.mapping.source import DocumentKind
from integrations.models.xero_connection import ConnectionStatus
from integrations.problem_catalogue.describe import from_json
from integrations.web.problem_view import problem_views


def ours(shape: Shape, about: str = "") -> Member:
    """A field that we tell, and that nobody sets."""
    return Member(shape=shape, about=about, is_ours=True)


AMOUNT = Text(longest=40)
PROBLEM = Record(
    "problem",
    {
        "code": ours(Text(longest=6), "FB-nnn; Its words and its page are below."),
        "field": ours(Text(), "The field at fault, where it is one."),
        "title": ours(Text()),
        "text": ours(Text(longest=1000), "The sentence that the pages show."),
        "mended_by": ours(Text(), "Whose turn it is."),
        "page": ours(Text(longest=500), "The page that mends it; empty where only we can."),
        "xero_text": ours(Text(longest=2000), "Xero's own words."),
    },
)
PAYMENT = Record(
    "payment",
    {
        "date": ours(Day()),
        "amount": ours(AMOUNT),
        "kind": ours(Text(), "payment, credit note, prepayment or overpayment."),
        "number": ours(Text(), "Of the credit note."),
    },
)
DOCUMENT = Record(
    "document",
    {
        "id": ours(Identifier()),
        "number": ours(Text(), "Empty while it is a draft here."),
        "kind": ours(Choice([kind.value for kind in DocumentKind])),
        "status": ours(Text(), "draft, approved or voided: ours, not Xero's."),
        "customer": ours(Text(), "The customer's code."),
        "shipments": ours(ListOf(Text(), 1000), "The numbers of the shipments that it bills."),
        "issue_date": ours(Day()),
        "due_date": ours(Day()),
        "currency": ours(Text(longest=3)),
        "net_total": ours(AMOUNT),
        "tax_total": ours(AMOUNT),
        "total": ours(AMOUNT),
        "state": ours(Choice([state.value for state in DocumentState]), "How far it is; null: not handed over yet."),
        "state_text": ours(Text(), "The state in the pages' words."),
        "problems": ours(ListOf(PROBLEM, 500), "Why it needs attention."),
        "xero_id": ours(Identifier()),
        "xero_status": ours(Text(), "Xero's own word: DRAFT, SUBMITTED, AUTHORISED, PAID, VOIDED, DELETED."),
        "xero_page": ours(Text(longest=500)),
        "sent_at": ours(Moment()),
        "has_pdf": ours(Flag(), "Whether our PDF is attached in Xero."),
        "money": ours(Choice([state.value for state in MoneyState]), "Empty where there is nothing to be paid."),
        "amount_due": ours(AMOUNT),
        "amount_paid": ours(AMOUNT),
        "amount_credited": ours(AMOUNT),
        "fully_paid_date": ours(Day()),
        "payments": ours(ListOf(PAYMENT, 1000)),
        "page": ours(Text(longest=500)),
    },
)
SKIPPED = Record(
    "skipped shipment",
    {"id": ours(Identifier()), "number": ours(Text()), "reason": ours(Text(longest=500), "In the pages' words.")},
)
SEND = Record(
    "send",
    {
        "number": ours(Whole()),
        "started_at": ours(Moment()),
        "started_by": ours(Text()),
        "is_over": ours(Flag(), "Every document has its answer."),
        "selected": ours(Whole(), "Shipments."),
        "waiting": ours(Whole(), "Shipments that are not looked at yet."),
        "skipped": ours(Whole(), "Shipments that did not go."),
        "documents": ours(Whole(), "Made so far."),
        "in_xero": ours(Whole()),
        "needs_attention": ours(Whole()),
        "failure": ours(Text(longest=2000)),
        "page": ours(Text(longest=500)),
    },
)
LOG_ENTRY = Record(
    "log entry",
    {
        "id": ours(Identifier()),
        "at": ours(Moment()),
        "result": ours(Choice([result.value for result in LogResult])),
        "event": ours(Text()),
        "text": ours(Text(longest=1000)),
        "code": ours(Text(longest=6), "FB-nnn where it is a problem."),
        "xero_text": ours(Text(longest=2000), "Xero's own words."),
        "document": ours(Text(), "Its number."),
        "document_id": ours(Identifier()),
        "actor": ours(Text()),
        "support_code": ours(Text(), "Quote it to support."),
        "call": ours(Text(), "Method, path, status and duration of the call behind it."),
    },
)
CONNECTION = Record(
    "connection",
    {
        "organisation": ours(Text(), "The company in Xero; null: none is connected."),
        "status": ours(Choice(ConnectionStatus.values)),
        "base_currency": ours(Text(longest=3)),
        "last_good_call_at": ours(Moment()),
        "payments_checked_at": ours(Moment()),
        "lost_reason": ours(Text()),
    },
)


def problems_json(
    problems: Iterable[dict[str, Any]],
    *,
    tenant: Tenant,
    shipment_id: UUID | None = None,
    invoice_id: UUID | None = None,
) -> list[dict[str, Any]]:
    """The sentences, titles and pages that a person sees; `field` is the name in the form and in the API."""
    kept = list(problems)
    views = problem_views(kept, tenant=tenant, shipment_id=shipment_id, invoice_id=invoice_id)
    return [
        {
            "code": view.code,
            "field": from_json(problem).subject,
            "title": view.title,
            "text": view.text,
            "mended_by": str(view.mended_by),
            "page": whole_address(view.mend_address),
            "xero_text": view.xero_text,
        }
        for problem, view in zip(kept, views, strict=True)
    ]


def whole_address(path: str) -> str:
    """Of a page, for those who are not on one."""
    return f"{settings.PUBLIC_BASE_URL}{path}" if path else ""

"""Looks up which of our documents Xero has already, and writes down how sure that is. Nothing is written to Xero."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import current_tenant_id, tenant_scope
from integrations.connection.active_connection import require_connection
from integrations.connection.read_from_xero import ReadPostponedError, XeroReader, reading_turn
from integrations.lanes.claim_lane import LaneLostError
from integrations.mapping.source import ExportableDocument, from_json
from integrations.models import AdoptionMatch, AdoptionSearch, XeroDocument
from integrations.outbox.find_in_xero import Element, element_id
from integrations.outbox.keep_for_file import jobs_without_trace
from integrations.reconciliation.judge_adoption import OurDocument, match_documents
from invoices.domain.grouping import group_shipments
from invoices.models import Customer, Shipment
from invoices.models.invoice import InvoiceKind
from invoices.models.shipment import Readiness
from invoices.work_names import LOOK_FOR_ADOPTIONS
from invoices.workflows.choose_members import MOST
from invoices.workflows.hand_over_to_accounting import exportable_of_draft
from invoices.workflows.sending_context import SendingContext, sending_context

XERO_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NOT_CONNECTED = "The connection to Xero is lost. Reconnect, and search again."
KEPT = (
    "InvoiceID", "InvoiceNumber", "Reference", "Type", "Status", "Contact", "DateString", "DueDateString", "Total",
    "TotalTax", "CurrencyCode", "AmountDue", "AmountPaid", "AmountCredited", "UpdatedDateUTC", "FullyPaidOnDate",
    "Payments", "CreditNotes", "Prepayments", "Overpayments",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One of ours: a shipment that is ready, or an invoice of which nothing was sent."""

    source: ExportableDocument
    shipment_id: int | None = None
    invoice_id: int | None = None


def ask_for_adoptions(
    *, ours: str, theirs: str, from_date: date | None, to_date: date | None, by: str, now: datetime
) -> AdoptionSearch:
    """In the tenant's scope. Raises NotConnectedError."""
    connection = require_connection()
    # Two people who click in the same instant come one after the other, so that each gets a number of his own.
    Tenant.objects.select_for_update(no_key=True).get(pk=current_tenant_id())
    number = (AdoptionSearch.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    search = AdoptionSearch.objects.create(
        connection=connection, number=number, ours=ours, theirs=theirs, from_date=from_date, to_date=to_date,
        asked_by=by, asked_at=now,
    )  # fmt: skip
    enqueue_work(LOOK_FOR_ADOPTIONS, [search.pk], now=now)
    record_event(action="searched for in Xero", subject=search, by=by, now=now, ours=ours, theirs=theirs)
    return search


def look_for_adoptions(work: Work) -> Again | None:
    """Background work. Xero is read in pages; what is known here already is left out."""
    with tenant_scope(work.tenant_id):
        search = AdoptionSearch.objects.get(pk=work.subject_id)
    if search.found_at is not None:
        return None
    try:
        with reading_turn(tenant_id=work.tenant_id, connection_id=search.connection_id) as reader:
            elements = list(_elements(reader, search))
    except ReadPostponedError as error:
        if error.retry_at is None:
            looking_for_adoptions_gave_up(work, NOT_CONNECTED)
            return None
        return Again(at=error.retry_at)
    except LaneLostError:
        return Again(at=read_clock())
    with tenant_scope(work.tenant_id):
        _write(search, elements, tenant=Tenant.objects.get(pk=work.tenant_id), now=read_clock())
    return None


def looking_for_adoptions_gave_up(work: Work, reason: str) -> None:
    with tenant_scope(work.tenant_id):
        AdoptionSearch.objects.filter(pk=work.subject_id).update(failure=reason, found_at=read_clock())


def _elements(reader: XeroReader, search: AdoptionSearch) -> Iterator[Element]:
    """
    developer.xero.com/documentation/api/accounting/invoices: InvoiceNumbers, and `where` on Type and Date, both of
    them optimised. One call for a thousand.
    """
    found_id = XERO_ID.search(search.theirs)
    if found_id:
        yield from reader.read(f"Invoices/{found_id[0].lower()}")
    elif search.theirs:
        yield from reader.read_pages("Invoices", InvoiceNumbers=search.theirs)
    else:
        dates = [("Date>=", search.from_date), ("Date<=", search.to_date)]
        bounds = [f"{sign}DateTime({day:%Y,%m,%d})" for sign, day in dates if day is not None]
        where = " AND ".join(['Type=="ACCREC"', *bounds])
        yield from reader.read_pages("Invoices", where=where, order="InvoiceID")


def _write(search: AdoptionSearch, elements: list[Element], *, tenant: Tenant, now: datetime) -> None:
    sales = [element for element in elements if element.get("Type") == "ACCREC"]
    ids = [element_id(element) for element in sales]
    documents = XeroDocument.objects.filter(connection=search.connection, xero_id__in=ids)
    known = {str(xero_id) for xero_id in documents.values_list("xero_id", flat=True)}
    free = [element for element in sales if element_id(element) not in known]
    context = sending_context(tenant)
    subjects = _subjects(search, context, now=now)
    context.load_rules({one.source.party.code for one in subjects})
    found = match_documents([_our_document(one, context) for one in subjects], free)
    if search.theirs and len(subjects) == 1 and len(free) == 1 and not found[0][1]:
        # A person named it: it is shown however little it resembles ours.
        found = [(found[0][0], free[0])]
    AdoptionMatch.objects.bulk_create(
        _match(search, subject, band, element) for subject, (band, element) in zip(subjects, found, strict=True)
    )
    search.found_at, search.read_count = now, len(elements)
    search.save(update_fields=["found_at", "read_count"])


def _match(search: AdoptionSearch, subject: Subject, band: str, element: Element) -> AdoptionMatch:
    source = subject.source
    return AdoptionMatch(
        search=search,
        shipment_id=subject.shipment_id,
        invoice_id=subject.invoice_id,
        band=band,
        ours={
            "number": source.number if subject.invoice_id else ", ".join(source.shipment_numbers),
            "contact": source.party.name,
            "total": f"{source.total:.2f}",
            "currency": source.currency,
            "date": source.issue_date.isoformat(),
        },
        theirs={name: _kept(element[name]) for name in KEPT if name in element},
    )


def _kept(value: Any) -> Any:
    """As JSON keeps it: figures as text, so that nothing is rounded on the way."""
    if isinstance(value, dict):
        return {name: _kept(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_kept(inner) for inner in value]
    return f"{value:f}" if isinstance(value, Decimal) else value


def _our_document(subject: Subject, context: SendingContext) -> OurDocument:
    source = subject.source
    contact = context.rules.contacts.get(source.party.code) if context.rules else None
    number = (source.number,) if subject.invoice_id else ()
    return OurDocument(
        names=(*number, *source.shipment_numbers),
        references=source.customer_references or source.all_references,
        contact_id=contact.contact_id if contact else "",
        contact_name=source.party.name,
        total=source.total,
        currency=source.currency,
    )


def _subjects(search: AdoptionSearch, context: SendingContext, *, now: datetime) -> list[Subject]:
    return [*_invoices(search), *_shipments(search, context, now=now)]


def _invoices(search: AdoptionSearch) -> list[Subject]:
    jobs = jobs_without_trace().filter(connection=search.connection, kind=InvoiceKind.SALES_INVOICE)
    wanted = Q(document__number=search.ours) if search.ours else _between("invoice__issue_date", search)
    found = jobs.filter(wanted, invoice__status="approved", mapped__isnull=False).order_by("id")[:MOST]
    return [Subject(source=from_json(ExportableDocument, job.source), invoice_id=job.invoice_id) for job in found]


def _shipments(search: AdoptionSearch, context: SendingContext, *, now: datetime) -> list[Subject]:
    wanted = Q(number=search.ours) if search.ours else _between("list_date", search)
    ready = Shipment.objects.filter(wanted, sales_readiness=Readiness.READY, do_not_send_reason="").order_by("id")
    billable = context.load_billable(list(ready.values_list("id", flat=True)[:MOST]))
    customers = Customer.objects.in_bulk([one.customer.pk for one in billable if one.customer])
    subjects = []
    for one in billable:
        for draft in group_shipments([one.to_bill] if one.to_bill else []):
            if draft.kind == InvoiceKind.SALES_INVOICE:
                source = exportable_of_draft(draft, customers[draft.first.customer_id], today=context.today(now))
                subjects.append(Subject(source=source, shipment_id=one.shipment.pk))
    return subjects


def _between(field: str, search: AdoptionSearch) -> Q:
    bounds: dict[str, Any] = {f"{field}__gte": search.from_date, f"{field}__lte": search.to_date}
    return Q(**{name: day for name, day in bounds.items() if day is not None})

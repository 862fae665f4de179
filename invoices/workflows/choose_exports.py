"""What goes into a file for Xero, and what stays out and why: the same for the preview and for the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from integrations.job_states import DocumentState
from integrations.mapping.document_identity import NO_MARK
from integrations.mapping.documents import MappedDocument
from integrations.mapping.map_document import map_document
from integrations.mapping.map_import_rows import MOST_DOCUMENTS, import_names, import_rows
from integrations.mapping.rules import OrganisationRules
from integrations.mapping.source import ExportableDocument, Party, from_json
from integrations.models import ReferenceRecord, SyncJob, XeroDocument
from integrations.models.export_file import ExportChoice, ExportKind
from integrations.models.reference_record import ReferenceKind
from integrations.outbox.keep_for_file import jobs_without_trace
from integrations.problem_catalogue import describe
from invoices.domain.billable_shipments import BillableShipment
from invoices.domain.draft_input import Draft, ShipmentToBill
from invoices.domain.grouping import group_shipments
from invoices.models import Customer, Shipment
from invoices.models.invoice import InvoiceStatus
from invoices.models.shipment import Readiness
from invoices.workflows.assess_shipments import cost_problems, sales_problems
from invoices.workflows.choose_members import MOST
from invoices.workflows.hand_over_to_accounting import exportable_of_draft
from invoices.workflows.sending_context import SendingContext

Rows = list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWanted:
    """What a person asks for. `from_date` and `to_date`: of the documents, None for no bound."""

    kind: ExportKind
    choice: ExportChoice
    from_date: date | None = None
    to_date: date | None = None
    takes_ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenExports:
    """`more`: how many others wait for the next file. `left_out`: numbers with the reason of each."""

    jobs: list[SyncJob]
    drafts: list[Draft]
    more: int
    left_out: list[tuple[str, str]]
    in_xero: int

    @property
    def count(self) -> int:
        return len(self.jobs) + len(self.drafts)


def choose_exports(wanted: ExportWanted, context: SendingContext, *, now: datetime) -> ChosenExports:
    """The oldest first, as many as Xero takes in one file. In the tenant's scope."""
    jobs = _jobs(wanted, context)
    mapped = list(jobs.filter(mapped__isnull=False).order_by("id")[: MOST_DOCUMENTS + 1])
    unmapped = list(jobs.filter(mapped__isnull=True).order_by("id")[:MOST_DOCUMENTS])
    drafts, stuck = _drafts(wanted, context, now=now) if wanted.takes_ready else ([], [])
    going = mapped[:MOST_DOCUMENTS]
    room = MOST_DOCUMENTS - len(going)
    waiting = jobs.filter(mapped__isnull=False).count() - len(going)
    return ChosenExports(
        jobs=going,
        drafts=drafts[:room],
        more=waiting + max(0, len(drafts) - room),
        left_out=[*((job.document.number, _words(job.problems)) for job in unmapped), *stuck],
        in_xero=_of_dates(_documents(wanted, context), wanted).filter(state=DocumentState.IN_XERO).count(),
    )


def rows_of_jobs(jobs: Sequence[SyncJob], *, rules: OrganisationRules) -> Rows:
    """`rules` with the contacts of their customers."""
    return [
        row
        for job in jobs
        for row in _rows(
            from_json(MappedDocument, job.mapped), from_json(ExportableDocument, job.source).party, rules=rules
        )
    ]


def rows_of_drafts(drafts: Sequence[Draft], *, rules: OrganisationRules, today: date) -> Rows:
    """As they will be but for their numbers; those that cannot be mapped are none of `choose_exports`."""
    customers = Customer.objects.in_bulk([draft.first.customer_id for draft in drafts])
    rows: Rows = []
    for draft in drafts:
        source = exportable_of_draft(draft, customers[draft.first.customer_id], today=today)
        document = map_document(source, rules=rules, mark=NO_MARK).document
        if document is not None:
            rows += _rows(document, source.party, rules=rules)
    return rows


def totals_of(chosen: ChosenExports) -> list[tuple[str, Decimal]]:
    """Currency and sum with tax, never added up over currencies."""
    totals: dict[str, Decimal] = {}
    for currency, total in [
        *((job.document.currency, job.document.total) for job in chosen.jobs),
        *((draft.first.currency, draft.totals.total) for draft in chosen.drafts),
    ]:
        totals[currency] = totals.get(currency, Decimal(0)) + total
    return sorted(totals.items())


def _rows(document: MappedDocument, party: Party, *, rules: OrganisationRules) -> Rows:
    names = import_names(party, rules=rules, branding_theme=_theme(document.branding_theme_id))
    return import_rows(document, party=party, names=names)


def _theme(theme_id: str) -> str:
    if not theme_id:
        return ""
    themes = ReferenceRecord.objects.filter(kind=ReferenceKind.BRANDING_THEME, key=theme_id)
    return themes.values_list("name", flat=True).first() or ""


def _jobs(wanted: ExportWanted, context: SendingContext) -> QuerySet[SyncJob]:
    documents = _of_dates(_documents(wanted, context), wanted)
    if wanted.choice == ExportChoice.NEW:
        documents = documents.filter(exported_at=None)
    return jobs_without_trace().filter(document__in=documents).select_related("document")


def _documents(wanted: ExportWanted, context: SendingContext) -> QuerySet[XeroDocument]:
    standing = XeroDocument.objects.filter(connection=context.connection, kind=wanted.kind)
    return standing.filter(invoice__status=InvoiceStatus.APPROVED)


def _of_dates(documents: QuerySet[XeroDocument], wanted: ExportWanted) -> QuerySet[XeroDocument]:
    if wanted.from_date is not None:
        documents = documents.filter(invoice__issue_date__gte=wanted.from_date)
    return documents if wanted.to_date is None else documents.filter(invoice__issue_date__lte=wanted.to_date)


def _drafts(
    wanted: ExportWanted, context: SendingContext, *, now: datetime
) -> tuple[list[Draft], list[tuple[str, str]]]:
    """Of shipments that are ready, and those that turn out not to be."""
    is_sales = wanted.kind == ExportKind.SALES
    ready = {"sales_readiness" if is_sales else "cost_readiness": Readiness.READY}
    shipments = Shipment.objects.filter(**ready, do_not_send_reason="").order_by("id")
    billable = context.load_billable(list(shipments.values_list("id", flat=True)[:MOST]))
    today = context.today(now)
    check = sales_problems if is_sales else cost_problems
    problems = {one.shipment.pk: check(one, context, today=today) for one in billable}
    parts = [part for one in billable if not problems[one.shipment.pk] for part in _parts(one, is_sales=is_sales)]
    stuck = [
        (one.shipment.number, " ".join(describe.describe(found).text for found in problems[one.shipment.pk]))
        for one in billable
        if problems[one.shipment.pk]
    ]
    return [draft for draft in group_shipments(parts) if draft.kind == wanted.kind], stuck


def _parts(one: BillableShipment, *, is_sales: bool) -> list[ShipmentToBill]:
    if is_sales:
        return [one.to_bill] if one.to_bill else []
    return list(one.to_pay)


def _words(problems: list[dict[str, object]]) -> str:
    return " ".join(describe.describe(describe.from_json(found)).text for found in problems)

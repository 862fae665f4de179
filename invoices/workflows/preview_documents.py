"""
What Send would make of shipments, exactly as Xero will hold it: by the same grouping and the same mapping. Nothing is
written and nothing is sent (N3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrations.mapping.document_identity import NO_MARK, DocumentMark
from integrations.mapping.documents import MappedDocument
from integrations.mapping.map_document import MappingResult, map_document
from integrations.mapping.problems import Problem, problem
from integrations.mapping.source import ExportableDocument, from_json
from integrations.models import SyncJob, XeroDocument
from integrations.models.connection_settings import SentSides
from integrations.outbox.requeue_job import STOPPED
from invoices.domain.billable_shipments import BillableShipment
from invoices.domain.draft_input import ShipmentToBill
from invoices.domain.grouping import group_shipments
from invoices.models import Customer, Shipment
from invoices.workflows.assess_shipments import nothing_to_send, problems_of
from invoices.workflows.explain_credits import credit_words
from invoices.workflows.hand_over_to_accounting import exportable_of_draft
from invoices.workflows.preview_origins import (
    ComingNumber,
    Fact,
    coming_numbers,
    facts_of,
    given_number,
    warnings_of,
)
from invoices.workflows.sending_context import SendingContext

OK, WARN, STOP = "ok", "warn", "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedDocument:
    """
    `source`: what goes into the mapping, `mapped`: what comes out and Xero will hold, None where `problems` stop it.
    `facts`: the values above the lines, each with where it came from. `stopped`: the document that waits for a mend.
    """

    source: ExportableDocument
    mapped: MappedDocument | None
    problems: tuple[Problem, ...]
    facts: tuple[Fact, ...]
    warnings: tuple[str, ...]
    number: str
    stopped: XeroDocument | None = None

    @property
    def verdict(self) -> str:
        if self.problems:
            return STOP
        return WARN if self.warnings else OK


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A shipment that no document comes of: for what it lacks, for its mark, or since nothing is left to bill."""

    shipment: Shipment
    problems: tuple[Problem, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    documents: tuple[PreviewedDocument, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def totals(self) -> list[tuple[str, Decimal]]:
        """Of what can go, by currency; what is owed to suppliers and credits count against it."""
        sums: dict[str, Decimal] = {}
        for one in self.documents:
            if not one.problems:
                kind, currency = one.source.kind, one.source.currency
                sign = -1 if kind.is_purchase != kind.is_credit_note else 1
                sums[currency] = sums.get(currency, Decimal(0)) + sign * one.source.total
        return sorted(sums.items())

    def count(self, verdict: str) -> int:
        return sum(one.verdict == verdict for one in self.documents)


def preview_documents(shipment_ids: Sequence[int], context: SendingContext, *, today: date) -> Preview:
    """
    As preparing a batch decides: a shipment with a problem stays behind with all its documents, the others are
    grouped. A fixed number of queries. In the tenant's scope. Raises NoBillingEntityError.
    """
    billable = context.load_billable(shipment_ids)
    left_out = [left for one in billable if (left := _left_out(one, sides=context.sides)) is not None]
    out = {left.shipment.pk for left in left_out}
    standing = [one for one in billable if one.shipment.pk not in out]
    problems = {one.shipment.pk: problems_of(one, context, sides=context.sides, today=today) for one in standing}
    clean = [one for one in standing if not problems[one.shipment.pk]]
    parties, drafts = _parties(standing), group_shipments([part for one in clean for part in _parts(one, context)])
    going = [
        _previewed(
            exportable_of_draft(draft, parties[draft.first.customer_id], today=today),
            context,
            number=number,
            credit=credit_words(draft),
        )
        for draft, number in zip(drafts, coming_numbers(drafts), strict=True)
    ]
    stopped = [
        _previewed(
            exportable_of_draft(draft, parties[draft.first.customer_id], today=today),
            context,
            number=ComingNumber(draft.first.supplier_number, "none while it cannot go"),
            problems=problems[one.shipment.pk],
            credit=credit_words(draft),
        )
        for one in standing
        if problems[one.shipment.pk]
        for draft in group_shipments(_parts(one, context))
    ]
    return Preview(documents=(*stopped, *going), left_out=tuple(left_out))


def preview_stopped(shipment: Shipment, context: SendingContext) -> list[PreviewedDocument]:
    """Documents of the shipment that were stopped, as they would be sent now."""
    jobs = SyncJob.objects.filter(invoice__lines__shipment=shipment, state__in=STOPPED, operation="create")
    found = list(jobs.select_related("document").distinct().order_by("id"))
    sources = [from_json(ExportableDocument, job.source) for job in found]
    context.load_rules({source.party.code for source in sources})
    return [
        _previewed(
            source,
            context,
            mark=DocumentMark(job.document.identity, ""),
            number=given_number(source),
            stopped=job.document,
        )
        for job, source in zip(found, sources, strict=True)
    ]


def _left_out(one: BillableShipment, *, sides: str) -> LeftOut | None:
    missing = [*one.missing, *(one.missing_costs if sides == SentSides.BOTH else ())]
    if one.shipment.do_not_send_reason:
        return LeftOut(shipment=one.shipment, reason=f"Marked as do not send: {one.shipment.do_not_send_reason}")
    if nothing_to_send(one, sides=sides):
        return LeftOut(
            shipment=one.shipment, reason="Nothing to invoice: every charge is billed already, or there is none."
        )
    if missing:
        problems = tuple(problem("FB-401", field.field, text=field.text) for field in missing)
        return LeftOut(shipment=one.shipment, problems=problems)
    return None


def _parts(one: BillableShipment, context: SendingContext) -> list[ShipmentToBill]:
    to_pay = one.to_pay if context.sides == SentSides.BOTH else ()
    return [*([one.to_bill] if one.to_bill else []), *to_pay]


def _parties(billable: Iterable[BillableShipment]) -> dict[int, Customer]:
    found: dict[int, Customer] = {}
    for one in billable:
        found |= one.suppliers | ({one.customer.pk: one.customer} if one.customer else {})
    return found


def _previewed(
    source: ExportableDocument,
    context: SendingContext,
    *,
    number: ComingNumber,
    mark: DocumentMark = NO_MARK,
    problems: Sequence[Problem] = (),
    stopped: XeroDocument | None = None,
    credit: str = "",
) -> PreviewedDocument:
    """`problems`: of its shipment, which stays behind for them; `credit`: why it is no invoice."""
    rules = context.rules
    result = map_document(source, rules=rules, mark=mark) if rules else MappingResult(None, (problem("FB-101"),))
    return PreviewedDocument(
        source=source,
        mapped=result.document,
        problems=tuple(dict.fromkeys((*problems, *result.problems))),
        facts=tuple(facts_of(source, result.document, rules, number=number)),
        warnings=(
            *([credit] if credit else []),
            *(warnings_of(source, result.document, rules, number=number) if rules else ()),
        ),
        number=number.text,
        stopped=stopped,
    )

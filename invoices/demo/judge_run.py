"""Whether a run of the main job is right: every shipment accounted for, every document exactly once, to the cent."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from integrations.job_states import JobState, MoneyState
from integrations.mapping.problems import Problem
from integrations.models import SendBatch, SyncJob, XeroDocument
from integrations.models.send_batch import MemberOutcome
from integrations.problem_catalogue import describe
from invoices.demo.compare_books import Comparison, compare_books
from invoices.demo.forwarder_export import PlantedFault
from invoices.models import InvoiceLine, Shipment, ShipmentCharge
from invoices.models.shipment_charge import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the run has left behind. `planted` None: nobody knows what had to be rejected."""

    batch: SendBatch
    documents_in_xero: list[dict[str, Any]]
    planted: tuple[PlantedFault, ...] | None
    paid_ids: frozenset[str]
    wants_pdfs: bool
    xero_calls: int
    delivery_calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Rejection:
    """A shipment that did not become a document in Xero; `field` is what must be mended."""

    document: str
    cause: str
    field: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """`faults`: in words, why the run is not right; none: all of it is."""

    shipments: int
    documents: int
    attached: int
    paid: int
    rejected: tuple[Rejection, ...]
    nothing_to_invoice: int
    xero_calls: int
    calls_per_document: float
    duplicates: int
    mismatches: int
    seconds: float
    faults: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The keys that scripts rely on; `faults` goes to people."""
        told = {name: value for name, value in asdict(self).items() if name != "faults"}
        rejected = [{"document": one.document, "cause": one.cause, "words": one.words} for one in self.rejected]
        return {**told, "rejected": rejected}


def judge(facts: Facts) -> RunResult:
    """In the tenant's scope."""
    comparison = compare_books(facts.documents_in_xero, wants_pdfs=facts.wants_pdfs)
    rejected, nothing = tuple(_rejections(facts.batch)), _nothing_to_invoice(facts.batch)
    shown_paid = set(XeroDocument.objects.filter(money_state=MoneyState.PAID).values_list("xero_id", flat=True))
    return RunResult(
        shipments=Shipment.objects.count(),
        documents=comparison.documents,
        attached=comparison.attached,
        paid=len(shown_paid),
        rejected=rejected,
        nothing_to_invoice=len(nothing),
        xero_calls=facts.xero_calls,
        calls_per_document=round(facts.delivery_calls / max(1, comparison.documents), 4),
        duplicates=len(comparison.duplicates),
        mismatches=len(comparison.mismatches),
        seconds=facts.seconds,
        faults=(
            *_faults_of_books(comparison, wants_pdfs=facts.wants_pdfs),
            *_faults_of_count(rejected, nothing),
            *_faults_of_rejections(rejected, facts.planted),
            *_faults_of_payments({str(xero_id) for xero_id in shown_paid}, facts.paid_ids),
        ),
    )


def _rejections(batch: SendBatch) -> Iterator[Rejection]:
    """Skipped beforehand because something is missing, or stopped on the way."""
    skipped = Shipment.objects.filter(pk__in=_skipped(batch)).exclude(pk__in=_nothing_to_invoice(batch))
    for shipment in skipped.order_by("number"):
        yield _rejection(shipment.number, shipment.readiness_problems)
    stopped = SyncJob.objects.filter(state__in=[JobState.REJECTED, JobState.ATTENTION])
    for job in stopped.select_related("document").order_by("document__number"):
        yield _rejection(job.document.number, job.problems)


def _rejection(document: str, problems: list[dict[str, object]]) -> Rejection:
    found: list[Problem] = [describe.from_json(one) for one in problems]
    words = " ".join(_words(problem) for problem in found)
    cause, field = (found[0].code, found[0].subject) if found else ("", "")
    return Rejection(document, cause, field, words)


def _words(problem: Problem) -> str:
    described = describe.describe(problem)
    return f"{described.text} {described.xero_text}".strip()


def _skipped(batch: SendBatch) -> set[int]:
    return set(batch.members.filter(outcome=MemberOutcome.SKIPPED).values_list("shipment", flat=True))


def _nothing_to_invoice(batch: SendBatch) -> set[int]:
    charged = ShipmentCharge.objects.filter(side=Side.SELL).values_list("shipment", flat=True)
    return _skipped(batch) - set(charged)


def _faults_of_books(comparison: Comparison, *, wants_pdfs: bool) -> Iterator[str]:
    for mark in comparison.duplicates:
        yield f"{mark} is in Xero more than once."
    for found in comparison.mismatches:
        yield f"{found.document}: {found.field} is {found.ours} here and {found.theirs} in Xero."
    if wants_pdfs and comparison.attached != comparison.documents:
        yield f"{comparison.documents} documents have {comparison.attached} PDFs."


def _faults_of_count(rejected: tuple[Rejection, ...], nothing: set[int]) -> Iterator[str]:
    done = SyncJob.objects.filter(state=JobState.DONE).values("invoice")
    sent = set(InvoiceLine.objects.filter(invoice__in=done).values_list("shipment", flat=True))
    stopped = SyncJob.objects.filter(state__in=[JobState.REJECTED, JobState.ATTENTION]).values("invoice")
    held = set(InvoiceLine.objects.filter(invoice__in=stopped).values_list("shipment", flat=True))
    skipped = len(rejected) - stopped.count()
    accounted = len(sent | held) + skipped + len(nothing)
    total = Shipment.objects.count()
    if accounted != total:
        yield f"{total} shipments, but {accounted} are accounted for."


def _faults_of_rejections(rejected: tuple[Rejection, ...], planted: tuple[PlantedFault, ...] | None) -> Iterator[str]:
    for one in rejected:
        if not one.cause or not one.words:
            yield f"{one.document} was rejected without a cause."
    if planted is None:
        return
    expected = {(one.shipment, one.field) for one in planted}
    found = {(one.document, one.field) for one in rejected}
    for document, field in sorted(expected - found):
        yield f"{document} should have been rejected for its {field}."
    for document, field in sorted(found - expected):
        yield f"{document} was rejected for its {field or 'unknown cause'}, though nothing is wrong with it."


def _faults_of_payments(shown: set[str], paid: frozenset[str]) -> Iterator[str]:
    if shown != paid:
        yield f"{len(paid)} documents were paid in Xero and {len(shown)} are shown as paid; {len(shown ^ paid)} differ."

"""An invoice as it was sent beside what it would be now: both sides of whatever changed here since (N15)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import QuerySet

from integrations.job_states import JobState, Operation
from integrations.mapping.reference_text import reference_text
from integrations.mapping.source import ExportableDocument, ExportableLine, from_json
from integrations.models import ConnectionSettings, SyncJob, XeroDocument
from invoices.domain.current_content import CurrentContent, current_content
from invoices.models import Invoice
from invoices.workflows.hand_over_to_accounting import exportable_of_invoice
from invoices.workflows.tax_of_invoice import tax_choice_of

CARRIERS = [Operation.CREATE, Operation.UPDATE]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """`sent` None: the line is new; `now` None: it was taken off."""

    sent: ExportableLine | None
    now: ExportableLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    label: str
    sent: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentComparison:
    """`obstacle`: why it cannot be sent as it is now; `now` is then what was sent."""

    sent: ExportableDocument
    now: ExportableDocument
    lines: tuple[LineChange, ...]
    facts: tuple[FactChange, ...]
    obstacle: str

    @property
    def places(self) -> int:
        """In how many it differs; none where an obstacle hides them."""
        return len(self.lines) + len(self.facts)

    @property
    def has_changes(self) -> bool:
        return bool(self.lines or self.facts or self.obstacle)


def compare_with_sent(invoice: Invoice, document: XeroDocument) -> SentComparison:
    """`invoice` with its customer and billing entity. In the tenant's scope."""
    sent, content = sent_source(document), current_content(invoice, tax_of=tax_choice_of(invoice))
    now = sent if content.obstacle else exportable_of_content(invoice, content, sent=sent)
    return SentComparison(
        sent=sent,
        now=now,
        lines=tuple(_line_changes(sent.lines, now.lines)),
        facts=tuple(_fact_changes(sent, now, template=_template(document))),
        obstacle=content.obstacle,
    )


def sent_source(document: XeroDocument) -> ExportableDocument:
    """What Xero has taken last; of a document that has not arrived, what was handed over."""
    carriers: QuerySet[SyncJob] = SyncJob.objects.filter(document=document, operation__in=CARRIERS).order_by("-id")
    found = carriers.filter(state=JobState.DONE).first() or carriers.filter(operation=Operation.CREATE).get()
    return from_json(ExportableDocument, found.source)


def exportable_of_content(invoice: Invoice, content: CurrentContent, *, sent: ExportableDocument) -> ExportableDocument:
    """As the invoice will be once it says `content`; under the identity that it was sent with."""
    exported = exportable_of_invoice(invoice, content.lines, source_id=sent.source_id)
    return replace(
        exported,
        export_version=sent.export_version,
        exchange_rate=content.exchange_rate,
        customer_reference=content.reference,
        net_total=content.totals.net,
        tax_total=content.totals.tax,
    )


def _template(document: XeroDocument) -> str:
    rules = ConnectionSettings.objects.filter(connection=document.connection_id)
    return rules.values_list("reference_template", flat=True).first() or ""


def _fact_changes(sent: ExportableDocument, now: ExportableDocument, *, template: str) -> list[FactChange]:
    pairs = [
        ("Reference", _reference(sent, template), _reference(now, template)),
        ("Customer reference", sent.customer_reference, now.customer_reference),
        ("Exchange rate", _plain(sent.exchange_rate), _plain(now.exchange_rate)),
    ]
    changes = [FactChange(label=label, sent=before, now=after) for label, before, after in pairs if before != after]
    # One that says the same as the one before it tells nothing.
    return [
        one for number, one in enumerate(changes) if not number or (one.sent, one.now) != _both(changes[number - 1])
    ]


def _both(change: FactChange) -> tuple[str, str]:
    return (change.sent, change.now)


def _reference(source: ExportableDocument, template: str) -> str:
    return reference_text(
        template,
        number=source.number,
        customer_references=source.customer_references or tuple(filter(None, [source.customer_reference])),
        all_references=source.all_references,
        shipment_numbers=source.shipment_numbers,
    ).text


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _line_changes(sent: Sequence[ExportableLine], now: Sequence[ExportableLine]) -> list[LineChange]:
    """
    Lines that are alike are left out; of the others those of the same charge code and shipment are taken for one
    that changed.
    """
    left = list(sent)
    new: list[ExportableLine] = []
    for line in now:
        twin = next((one for one in left if _said(one) == _said(line)), None)
        if twin is None:
            new.append(line)
        else:
            left.remove(twin)
    changes = []
    for line in new:
        before = next((one for one in left if _name(one) == _name(line)), None)
        if before is not None:
            left.remove(before)
        changes.append(LineChange(sent=before, now=line))
    return changes + [LineChange(sent=line, now=None) for line in left]


def _said(line: ExportableLine) -> tuple[object, ...]:
    amounts = (line.quantity, line.unit_price, line.discount_percent, line.tax_rate, line.net_amount, line.tax_amount)
    return (*_name(line), line.description, line.tax_code, line.cost_centre, *amounts)


def _name(line: ExportableLine) -> tuple[str, str]:
    return (line.charge_code, line.shipment_number)

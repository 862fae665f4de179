"""Where the values of a previewed document come from, and what a person should know before it goes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from integrations.mapping.documents import MappedDocument
from integrations.mapping.map_document import overflows
from integrations.mapping.rules import OrganisationRules
from integrations.mapping.source import DocumentKind, ExportableDocument
from integrations.models import LedgerBreak, XeroDocument
from integrations.models.connection_settings import TargetStatus
from invoices.domain.draft_input import Draft
from invoices.models import NumberSeries

DEFAULT_USED = "default account used"
# As the sending rules say it; a quote has no other.
ARRIVES_AS = {**{status.value: status.label for status in TargetStatus}, "SENT": "Sent"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A value above the lines, and where it came from."""

    label: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class ComingNumber:
    """`is_taken`: a document that we know in Xero has it already; `is_missing`: no series can give one."""

    text: str
    origin: str
    is_taken: bool = False
    is_missing: bool = False


def coming_numbers(drafts: Sequence[Draft]) -> list[ComingNumber]:
    """What approval would give them now, in their order; a bill has its supplier's. Three queries."""
    keys = {(draft.first.billing_entity_id, draft.kind) for draft in drafts}
    rows = NumberSeries.objects.filter(billing_entity__in={entity for entity, _ in keys})
    series = {(row.billing_entity_id, row.kind): row for row in rows}
    given: dict[int, int] = defaultdict(int)
    numbers: list[tuple[str, str]] = []
    for draft in drafts:
        row = series.get((draft.first.billing_entity_id, draft.kind))
        if draft.first.supplier_number:
            numbers.append((draft.first.supplier_number, "the supplier's own"))
        elif row is None:
            numbers.append(("", "no number series for this kind"))
        else:
            number = f"{row.prefix}{str(row.next_number + given[row.pk]).zfill(row.digits)}"
            numbers.append((number, f"next of the series {row.prefix}, given on sending"))
            given[row.pk] += 1
    taken = _known_numbers(text for text, _ in numbers)
    return [
        ComingNumber(text, origin, is_taken=(draft.kind, text) in taken, is_missing=not text)
        for draft, (text, origin) in zip(drafts, numbers, strict=True)
    ]


def facts_of(
    source: ExportableDocument,
    mapped: MappedDocument | None,
    rules: OrganisationRules | None,
    *,
    number: ComingNumber,
) -> Iterator[Fact]:
    yield _contact(source, rules)
    yield Fact("Number", number.text or "—", number.origin)
    if mapped is not None and rules is not None and not source.kind.is_purchase:
        yield Fact("Reference", mapped.reference or "—", _reference_origin(rules))
    days = (source.due_date - source.issue_date).days
    yield Fact("Date", f"{source.issue_date:%d %b %Y}", "the day it is sent")
    yield Fact("Due", f"{source.due_date:%d %b %Y}", f"payment terms of {days} day{'' if days == 1 else 's'}")
    yield Fact("Currency", source.currency, "from the shipment")
    if source.currency != source.base_currency:
        rate = f"1 {source.base_currency} = {source.exchange_rate.normalize():f} {source.currency}"
        yield Fact("Exchange rate", rate, "from the shipment, always sent")
    if mapped is not None and rules is not None:
        yield Fact("Arrives as", ARRIVES_AS[mapped.target_status], "from the sending rules")
        if mapped.branding_theme_id:
            yield Fact("Branding theme", mapped.branding_theme_id, "from the sending rules")


def warnings_of(
    source: ExportableDocument, mapped: MappedDocument | None, rules: OrganisationRules, *, number: ComingNumber
) -> Iterator[str]:
    """What does not stop it, and may still surprise. The mapping's own problems are told beside."""
    if number.is_taken:
        yield f"{number.text} is on another document in Xero already: Xero would refuse it."
    if number.is_missing:
        yield f"There is no number series for a {source.kind}, so it cannot be approved."
    if source.party.code not in rules.contacts and rules.creates_contacts:
        yield f"Xero does not know {source.party.name or source.party.code} yet: a contact is created."
    if source.total == 0:
        yield "The total is 0.00."
    if overflows(source, rules=rules):
        yield "The reference has no room for all of them: the first stand there, all of them in the history."
    if mapped is not None:
        defaults = {
            line.charge_code
            for line, sent in zip(source.lines, mapped.lines, strict=True)
            if sent.account_origin == DEFAULT_USED
        }
        if defaults:
            yield f"The default account is used for {', '.join(sorted(defaults))}."


def _known_numbers(numbers: Iterable[str]) -> set[tuple[str, str]]:
    """By kind: those of documents that we sent, and of strangers in Xero that the comparison of the books found."""
    wanted = {number for number in numbers if number}
    ours = XeroDocument.objects.filter(number__in=wanted, xero_id__isnull=False).exclude(state="voided")
    found = LedgerBreak.objects.filter(number__in=wanted, closed_at=None)
    return {*ours.values_list("kind", "number"), *found.values_list("document_kind", "number")}


def _contact(source: ExportableDocument, rules: OrganisationRules | None) -> Fact:
    label = "Supplier" if source.kind.is_purchase else "Contact"
    known = rules.contacts.get(source.party.code) if rules else None
    if known is None:
        return Fact(label, source.party.name or source.party.code, f"customer {source.party.code}, not in Xero yet")
    by_number = known.account_number == source.party.code
    how = "by its account number" if by_number else "matched by hand"
    return Fact(label, known.name, f"contact of {source.party.code}, {how}")


def _reference_origin(rules: OrganisationRules) -> str:
    if not rules.sends_customer_reference:
        return "numbers of the shipments, by the sending rules"
    return f"from the template {rules.reference_template}"


def given_number(source: ExportableDocument) -> ComingNumber:
    """Of a document that has its number."""
    origin = "the supplier's own" if source.kind == DocumentKind.BILL else "given on approval"
    return ComingNumber(source.number, origin)

"""Previewed documents as a page shows them: each line with what Xero will hold and where each value came from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.pill import Pill
from integrations.mapping.documents import MappedLine
from integrations.mapping.exact_amounts import FOUR_PLACES
from integrations.mapping.problems import Problem
from integrations.mapping.rules import OrganisationRules
from integrations.mapping.source import ExportableLine
from integrations.problem_catalogue.describe import describe, to_json
from integrations.web.problem_view import ProblemView, problem_views
from invoices.web.invoice_words import kind_word
from invoices.workflows.preview_documents import OK, STOP, WARN, PreviewedDocument

VERDICTS = {
    OK: Pill(label="OK", colour="green", icon="check-circle"),
    WARN: Pill(label="Look at it", colour="yellow", icon="exclamation-triangle"),
    STOP: Pill(label="Cannot go", colour="red", icon="x-circle"),
}
ORIGIN = "_origin"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """`account` and `tax` empty where nothing can be chosen. `origins`: sentences, as many as the mapping tells."""

    description: str
    quantity: Decimal
    unit_amount: Decimal
    discount_percent: Decimal
    account: str
    item: str
    tax: str
    net_amount: Decimal
    tax_amount: Decimal
    origins: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    document: PreviewedDocument
    kind: str
    pill: Pill
    lines: tuple[PreviewLine, ...]
    problems: tuple[ProblemView, ...]
    sentences: tuple[str, ...]
    shipments: str


def preview_rows(
    documents: Iterable[PreviewedDocument], *, rules: OrganisationRules | None, tenant: Tenant
) -> list[PreviewRow]:
    return [
        PreviewRow(
            document=one,
            kind=kind_word(one.source.kind) or "Sales invoice",
            pill=VERDICTS[one.verdict],
            lines=tuple(_lines(one, rules)),
            problems=tuple(problem_views((to_json(found) for found in one.problems), tenant=tenant)),
            sentences=(*problem_sentences(one.problems), *one.warnings),
            shipments=", ".join(one.source.shipment_numbers),
        )
        for one in documents
    ]


def problem_sentences(problems: Iterable[Problem]) -> tuple[str, ...]:
    return tuple(describe(found).text for found in problems)


def _lines(one: PreviewedDocument, rules: OrganisationRules | None) -> Iterator[PreviewLine]:
    if one.mapped is None or rules is None:
        yield from (_unmapped(line) for line in one.source.lines)
        return
    for source, line in zip(one.source.lines, one.mapped.lines, strict=True):
        yield PreviewLine(
            description=line.description,
            quantity=line.quantity,
            unit_amount=line.unit_amount,
            discount_percent=line.discount_percent,
            account=f"{line.account_code} {rules.accounts[line.account_code].name}",
            item=line.item_code,
            tax=rules.tax_rates[line.tax_type].name,
            net_amount=line.net_amount,
            tax_amount=line.tax_amount,
            origins=(*_origins(line), *_amount_origin(source, line)),
        )


def _origins(line: MappedLine) -> Iterator[tuple[str, str]]:
    """Whatever the mapping says of a line: a further source of values shows up here by itself."""
    for field in fields(line):
        text = getattr(line, field.name)
        if field.name.endswith(ORIGIN) and text:
            yield field.name.removesuffix(ORIGIN).replace("_", " ").capitalize(), text


def _amount_origin(source: ExportableLine, line: MappedLine) -> Iterator[tuple[str, str]]:
    if line.quantity != source.quantity or line.unit_amount != source.unit_price.quantize(FOUR_PLACES):
        yield "Amount", "as one, with the calculation in the description: Xero would round it otherwise"


def _unmapped(line: ExportableLine) -> PreviewLine:
    return PreviewLine(
        description=line.description,
        quantity=line.quantity,
        unit_amount=line.unit_price,
        discount_percent=line.discount_percent,
        account="",
        item="",
        tax="",
        net_amount=line.net_amount,
        tax_amount=line.tax_amount,
        origins=(),
    )

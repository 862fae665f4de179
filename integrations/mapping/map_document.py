"""An exportable document becomes what Xero will hold, or the list of everything that stands in its way."""

from collections.abc import Iterable
from dataclasses import dataclass

from integrations.mapping.check_document import document_problems
from integrations.mapping.choose_account import ChosenAccount, choose_account
from integrations.mapping.choose_tax_rate import ChosenRate, choose_tax_rate
from integrations.mapping.choose_tracking import choose_tracking
from integrations.mapping.document_identity import SHORT_LENGTH, DocumentMark
from integrations.mapping.documents import MappedDocument, MappedLine
from integrations.mapping.exact_amounts import FOUR_PLACES, TWO_PLACES, exact_amounts
from integrations.mapping.problems import Problem
from integrations.mapping.reference_text import LONGEST, FittedReference, reference_text
from integrations.mapping.rules import OrganisationRules
from integrations.mapping.source import DocumentKind, ExportableDocument, ExportableLine

# Their reference ends with our mark, for they have no other place for it.
MARKED = {DocumentKind.SALES_CREDIT_NOTE, DocumentKind.QUOTE}


@dataclass(frozen=True, slots=True)
class MappingResult:
    """Either a document or problems, all of them at once."""

    document: MappedDocument | None
    problems: tuple[Problem, ...]


def map_document(source: ExportableDocument, *, rules: OrganisationRules, mark: DocumentMark) -> MappingResult:
    problems = list(document_problems(source, rules=rules))
    lines: list[MappedLine] = []
    for line in source.lines:
        mapped = _map_line(line, source=source, rules=rules)
        if isinstance(mapped, MappedLine):
            lines.append(mapped)
        else:
            problems.extend(mapped)
    if problems:
        return MappingResult(None, tuple(dict.fromkeys(problems)))
    return MappingResult(_assemble(source, lines=lines, rules=rules, mark=mark), ())


def _map_line(
    line: ExportableLine, *, source: ExportableDocument, rules: OrganisationRules
) -> MappedLine | Iterable[Problem]:
    side = "purchases" if source.kind.is_purchase else "sales"
    names = {"side": side, "charge_code": line.charge_code, "cost_centre": line.cost_centre}
    chosen = choose_account(rules, **names)
    if not isinstance(chosen, ChosenAccount):
        return [chosen]
    rate = choose_tax_rate(rules, **names, tax_code=line.tax_code, rate=line.tax_rate, account=chosen.account)
    if not isinstance(rate, ChosenRate):
        return [rate]
    tracking, problems = choose_tracking(rules, {**dict(line.dimensions), **_of_line(line, source)})
    if problems:
        return problems
    amounts = exact_amounts(
        line,
        takes_discount=source.kind == DocumentKind.SALES_INVOICE,
        unit_step=TWO_PLACES if source.kind == DocumentKind.QUOTE else FOUR_PLACES,
    )
    return MappedLine(
        description=amounts.description,
        quantity=amounts.quantity,
        unit_amount=amounts.unit_amount,
        discount_percent=amounts.discount_percent,
        account_code=chosen.account.code,
        tax_type=rate.rate.tax_type,
        item_code=chosen.item_code,
        net_amount=line.net_amount,
        tax_amount=line.tax_amount,
        account_origin=chosen.origin,
        tax_origin=rate.origin,
        tracking=tracking,
    )


def _of_line(line: ExportableLine, source: ExportableDocument) -> dict[str, str]:
    return {"charge code": line.charge_code, "cost centre": line.cost_centre, "customer": source.party.code}


def _assemble(
    source: ExportableDocument, *, lines: list[MappedLine], rules: OrganisationRules, mark: DocumentMark
) -> MappedDocument:
    return MappedDocument(
        kind=source.kind,
        customer_code=source.party.code,
        number=source.number,
        reference=_reference(source, rules=rules, mark=mark),
        issue_date=source.issue_date,
        due_date=source.due_date,
        currency=source.currency,
        exchange_rate=source.exchange_rate,
        url=mark.url,
        branding_theme_id="" if source.kind.is_purchase else rules.branding_theme_id,
        target_status=_target_status(source.kind, rules),
        lines=tuple(lines),
        net_total=source.net_total,
        tax_total=source.tax_total,
    )


def _target_status(kind: DocumentKind, rules: OrganisationRules) -> str:
    """A quote is sent rather than approved."""
    if kind == DocumentKind.QUOTE:
        return "DRAFT" if rules.target_status == "DRAFT" else "SENT"
    return rules.target_status


def overflows(source: ExportableDocument, *, rules: OrganisationRules) -> bool:
    """The reference in Xero cannot hold all that the tenant's template asks for."""
    return not source.kind.is_purchase and _fitted(source, rules=rules).overflows


def _reference(source: ExportableDocument, *, rules: OrganisationRules, mark: DocumentMark) -> str:
    """Xero keeps a reference on what we sell only; on a bill the number stands in its place."""
    if source.kind.is_purchase:
        return ""
    text = _fitted(source, rules=rules).text
    return mark.on_reference(text) if source.kind in MARKED else text


def _fitted(source: ExportableDocument, *, rules: OrganisationRules) -> FittedReference:
    template = rules.reference_template if rules.sends_customer_reference else "{shipments}"
    own = (source.customer_reference,) if source.customer_reference else ()
    return reference_text(
        template,
        number=source.number,
        customer_references=source.customer_references or own,
        all_references=source.all_references,
        shipment_numbers=source.shipment_numbers,
        longest=LONGEST - SHORT_LENGTH - 1 if source.kind in MARKED else LONGEST,
    )

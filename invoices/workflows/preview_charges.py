"""Each charge of a shipment with its amounts and the ledger account and tax rate that it goes to, or went to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from integrations.mapping.choose_account import ChosenAccount, choose_account
from integrations.mapping.choose_tax_rate import ChosenRate, choose_tax_rate
from integrations.mapping.problems import Problem
from integrations.mapping.rules import OrganisationRules
from integrations.models import SyncJob
from integrations.problem_catalogue.describe import describe
from invoices.domain.billable_shipments import PARTIES
from invoices.domain.totals import LineAmounts, Totals, line_amounts, sum_lines
from invoices.models import Customer, InvoiceLine, Shipment, ShipmentCharge, TaxCode
from invoices.models.shipment_charge import Side
from invoices.workflows.sending_context import SendingContext
from invoices.workflows.tax_of_charge import SIDES, choose_for_charge, tax_choice


@dataclass(frozen=True, slots=True)
class Taxed:
    """A charge, whom it is billed to or bought from, and the tax code it has by that."""

    charge: ShipmentCharge
    party: Customer | None
    tax_code: TaxCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedCharge:
    """
    `amounts` None: something is missing to work them out. `hint` says where the account comes from, or why none;
    `tax_hint` where the tax comes from.
    """

    charge: ShipmentCharge
    amounts: LineAmounts | None
    account: str
    tax: str
    hint: str
    is_problem: bool
    tax_hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedSide:
    """`totals` as Xero will round them."""

    side: Side
    charges: list[PreviewedCharge]
    totals: Totals

    @property
    def is_cost(self) -> bool:
        return self.side == Side.COST


def preview_charges(shipment: Shipment, context: SendingContext) -> list[PreviewedSide]:
    """`shipment` with its customers. Sales, then costs. In the tenant's scope."""
    rows = ShipmentCharge.objects.filter(shipment=shipment).order_by("id")
    related = (
        "charge_code__sales_tax_code",
        "charge_code__purchase_tax_code",
        "tax_code",
        "invoice",
        "quote",
        "supplier__tax_code",
    )
    charges = list(rows.select_related(*related))
    sent = _sent_lines(charges)
    context.load_rules([])
    customer = getattr(shipment, PARTIES[context.customer_key])
    tax_of = tax_choice(context.rules)
    previews = []
    for charge in charges:
        party = charge.supplier if charge.side == Side.COST else customer
        taxed = Taxed(charge, party, tax_of(charge, party))
        previews.append(_preview(taxed, context.rules, sent.get(charge.pk)))
    return [_side(side, previews) for side in Side]


def _side(side: Side, previews: Sequence[PreviewedCharge]) -> PreviewedSide:
    mine = [preview for preview in previews if preview.charge.side == side]
    totals = sum_lines(preview.amounts for preview in mine if preview.amounts)
    return PreviewedSide(side=side, charges=mine, totals=totals)


def _sent_lines(charges: Sequence[ShipmentCharge]) -> dict[int, dict[str, str]]:
    """What the outbox holds for charges that are billed already, by the charge."""
    invoice_ids = {charge.invoice_id for charge in charges if charge.invoice_id}
    jobs = SyncJob.objects.filter(invoice__in=invoice_ids, mapped__isnull=False).order_by("id")
    mapped = {job.invoice_id: job.mapped["lines"] for job in jobs if job.mapped}
    lines = InvoiceLine.objects.filter(invoice__in=invoice_ids, charge__isnull=False)
    return {
        charge_id: mapped[invoice_id][position - 1]
        for charge_id, invoice_id, position in lines.values_list("charge_id", "invoice_id", "position")
        if invoice_id in mapped
    }


def _preview(taxed: Taxed, rules: OrganisationRules | None, sent: dict[str, str] | None) -> PreviewedCharge:
    charge, tax_code = taxed.charge, taxed.tax_code
    if sent is not None:
        return _previewed(taxed, account=sent["account_code"], tax=sent["tax_type"], hint="as it was sent")
    if rules is None or charge.charge_code is None or tax_code is None:
        return _previewed(taxed, account="", tax=tax_code.code if tax_code else "", hint="")
    names = {
        "side": SIDES[Side(charge.side)],
        "charge_code": charge.charge_code.code,
        "cost_centre": charge.cost_centre,
    }
    chosen = choose_account(rules, **names)
    if not isinstance(chosen, ChosenAccount):
        return _with_problem(taxed, chosen)
    rate = choose_tax_rate(rules, **names, tax_code=tax_code.code, rate=tax_code.rate, account=chosen.account)
    account = f"{chosen.account.code} {chosen.account.name}"
    if not isinstance(rate, ChosenRate):
        return _with_problem(taxed, rate, account=account)
    origin = choose_for_charge(rules, charge, taxed.party).origin
    tax_hint = f"{tax_code.code}: {origin}; {rate.origin}"
    return _previewed(taxed, account=account, tax=rate.rate.name, hint=chosen.origin, tax_hint=tax_hint)


def _with_problem(taxed: Taxed, problem: Problem, *, account: str = "") -> PreviewedCharge:
    return _previewed(taxed, account=account, tax="", hint=describe(problem).text, is_problem=True)


def _previewed(
    taxed: Taxed, *, account: str, tax: str, hint: str, is_problem: bool = False, tax_hint: str = ""
) -> PreviewedCharge:
    return PreviewedCharge(
        charge=taxed.charge, amounts=_amounts(taxed), account=account, tax=tax, hint=hint, is_problem=is_problem,
        tax_hint=tax_hint,
    )  # fmt: skip


def _amounts(taxed: Taxed) -> LineAmounts | None:
    charge = taxed.charge
    if charge.quantity is None or charge.unit_price is None:
        return None
    return line_amounts(
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        discount_percent=charge.discount_percent,
        tax_rate=taxed.tax_code.rate if taxed.tax_code else Decimal(0),
    )

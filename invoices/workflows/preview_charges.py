"""Each sell charge of a shipment with its amounts and the ledger account and tax rate that it goes to, or went to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from integrations.mapping.choose_account import ChosenAccount, choose_account
from integrations.mapping.choose_tax_rate import choose_tax_rate
from integrations.mapping.problems import Problem
from integrations.mapping.rules import OrganisationRules, TaxRate
from integrations.models import SyncJob
from integrations.problem_catalogue.describe import describe
from invoices.domain.billable_shipments import tax_code_of
from invoices.domain.totals import LineAmounts, Totals, line_amounts, sum_lines
from invoices.models import InvoiceLine, Shipment, ShipmentCharge
from invoices.models.shipment_charge import Side
from invoices.workflows.sending_context import SendingContext

SALES = "sales"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedCharge:
    """`amounts` None: something is missing to work them out. `hint` says where the account comes from, or why none."""

    charge: ShipmentCharge
    amounts: LineAmounts | None
    account: str
    tax: str
    hint: str
    is_problem: bool


def preview_charges(shipment: Shipment, context: SendingContext) -> tuple[list[PreviewedCharge], Totals]:
    """With the totals as Xero will round them. In the tenant's scope."""
    rows = ShipmentCharge.objects.filter(shipment=shipment, side=Side.SELL).order_by("id")
    charges = list(rows.select_related("charge_code__sales_tax_code", "tax_code", "invoice"))
    sent = _sent_lines(charges)
    context.load_rules([])
    previews = [_preview(charge, context.rules, sent.get(charge.pk)) for charge in charges]
    return previews, sum_lines(preview.amounts for preview in previews if preview.amounts)


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


def _preview(charge: ShipmentCharge, rules: OrganisationRules | None, sent: dict[str, str] | None) -> PreviewedCharge:
    tax_code = tax_code_of(charge)
    if sent is not None:
        return _previewed(charge, account=sent["account_code"], tax=sent["tax_type"], hint="as it was sent")
    if rules is None or charge.charge_code is None or tax_code is None:
        return _previewed(charge, account="", tax=tax_code.code if tax_code else "", hint="")
    chosen = choose_account(rules, side=SALES, charge_code=charge.charge_code.code)
    if not isinstance(chosen, ChosenAccount):
        return _with_problem(charge, chosen)
    rate = choose_tax_rate(rules, side=SALES, tax_code=tax_code.code, rate=tax_code.rate, account=chosen.account)
    account = f"{chosen.account.code} {chosen.account.name}"
    if not isinstance(rate, TaxRate):
        return _with_problem(charge, rate, account=account)
    return _previewed(charge, account=account, tax=rate.name, hint=chosen.origin)


def _with_problem(charge: ShipmentCharge, problem: Problem, *, account: str = "") -> PreviewedCharge:
    return _previewed(charge, account=account, tax="", hint=describe(problem).text, is_problem=True)


def _previewed(
    charge: ShipmentCharge, *, account: str, tax: str, hint: str, is_problem: bool = False
) -> PreviewedCharge:
    return PreviewedCharge(
        charge=charge, amounts=_amounts(charge), account=account, tax=tax, hint=hint, is_problem=is_problem
    )


def _amounts(charge: ShipmentCharge) -> LineAmounts | None:
    tax_code = tax_code_of(charge)
    if charge.quantity is None or charge.unit_price is None:
        return None
    return line_amounts(
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        discount_percent=charge.discount_percent,
        tax_rate=tax_code.rate if tax_code else Decimal(0),
    )

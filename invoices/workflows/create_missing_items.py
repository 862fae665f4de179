"""Charge codes as items in Xero: which are missing there, what they would be, and the work that creates them."""

from dataclasses import dataclass, replace

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import ASSESS_SHIPMENTS
from integrations.connection.read_from_xero import ReadPostponedError, reading_turn
from integrations.lanes.claim_lane import LaneLostError
from integrations.mapping.choose_account import ChosenAccount, choose_account
from integrations.mapping.documents import MappedItem
from integrations.mapping.rules import OrganisationRules
from integrations.models import XeroConnection
from integrations.outbox.try_stopped import requeue_mended
from integrations.problem_catalogue.codes import MendPage
from integrations.reference_data.create_items import create_items
from integrations.reference_data.load_rules import load_rules
from invoices.models import ChargeCode

LONGEST_CODE, LONGEST_NAME = 30, 50
BY = "FreightBridge"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOfCode:
    """`item`: what stands or would stand in Xero, with the default account and tax of each side."""

    item: MappedItem
    is_there: bool


def items_of_codes(rules: OrganisationRules) -> list[ItemOfCode]:
    """Each charge code. In the tenant's scope."""
    codes = ChargeCode.objects.select_related("sales_tax_code", "purchase_tax_code").order_by("code")
    plain = replace(rules, creates_items=False, matches_items=False)
    return [ItemOfCode(item=_item(plain, code), is_there=code.code in rules.items) for code in codes]


def create_missing_items(work: Work) -> Again | None:
    """Background work on a connection; nothing unless the sending rules still say so."""
    with tenant_scope(work.tenant_id):
        connection = XeroConnection.objects.get(pk=work.subject_id)
        rules = load_rules(connection, customer_codes=[])
        wanted = [one.item for one in items_of_codes(rules) if not one.is_there and len(one.item.code) <= LONGEST_CODE]
    if not rules.creates_items or not wanted:
        return None
    try:
        with reading_turn(tenant_id=work.tenant_id, connection_id=work.subject_id) as reader:
            create_items(reader, wanted, by=BY)
    except ReadPostponedError as error:
        return Again(at=error.retry_at) if error.retry_at else None
    except LaneLostError:
        return Again(at=read_clock())
    with tenant_scope(work.tenant_id):
        enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=read_clock())
        requeue_mended(connection, (MendPage.CHARGES, MendPage.ITEMS), now=read_clock())
    return None


def creating_items_gave_up(work: Work, reason: str) -> None:
    """The page goes on saying which items are missing; the button tries again."""
    del work, reason


def _item(rules: OrganisationRules, code: ChargeCode) -> MappedItem:
    sales = _side(rules, "sales", code.code, code.sales_tax_code.code if code.sales_tax_code else "")
    purchases = _side(rules, "purchases", code.code, code.purchase_tax_code.code if code.purchase_tax_code else "")
    return MappedItem(
        code=code.code,
        name=code.name[:LONGEST_NAME],
        sales_account=sales[0],
        sales_tax=sales[1],
        purchase_account=purchases[0],
        purchase_tax=purchases[1],
    )


def _side(rules: OrganisationRules, side: str, charge_code: str, tax_code: str) -> tuple[str, str]:
    """Account and tax type as the mapping has them; a pair that Xero would refuse leaves the tax to the account."""
    chosen = choose_account(rules, side=side, charge_code=charge_code)
    if not isinstance(chosen, ChosenAccount):
        return "", ""
    rate = rules.tax_rates.get(rules.tax_types.get((side, tax_code), ""))
    fits = rate is not None and rate.is_active and chosen.account.account_class in rate.applies_to
    return chosen.account.code, rate.tax_type if rate and fits else ""

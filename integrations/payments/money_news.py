"""What changed about a document's money, in the words of the accounting log. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from integrations.job_states import MoneyState
from integrations.payments.settlement import IN_LEDGER, Settlement

NOT_YET_APPROVED = frozenset({"DRAFT", "SUBMITTED"})
SETTLED = frozenset({MoneyState.PAID, MoneyState.CREDITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was known until now. `is_delivered`: nothing of ours is under way that could have changed it."""

    status: str
    money_state: str
    amount_settled: Decimal
    total: Decimal
    currency: str
    is_credit_note: bool
    is_delivered: bool


@dataclass(frozen=True, slots=True)
class News:
    event: str
    text: str


def tell_news(before: Before, settlement: Settlement) -> News | None:
    """None: nothing that a person wants to read."""
    if settlement.is_gone:
        is_known = before.status == settlement.status
        return None if is_known else News("voided in xero", f"{settlement.status.capitalize()} in Xero.")
    if settlement.status not in IN_LEDGER:
        return None
    taken_back = before.amount_settled - settlement.amount_settled
    if taken_back > 0:
        return News("payment taken back", _taken_back(before, settlement, taken_back))
    is_settled_by_nothing = settlement.money_state in SETTLED and settlement.money_state != before.money_state
    if taken_back < 0 or is_settled_by_nothing:
        return News("payment", _settled(before, settlement))
    if before.status in NOT_YET_APPROVED and before.is_delivered:
        return News("approved in xero", "Approved in Xero.")
    return None


def _settled(before: Before, settlement: Settlement) -> str:
    settled, total = f"{settlement.amount_settled:.2f}", f"{before.total:.2f} {before.currency}"
    is_whole = settlement.money_state in SETTLED
    if before.is_credit_note:
        return f"Used in full: {total}." if is_whole else f"Part-used: {settled} of {total}."
    if settlement.money_state == MoneyState.CREDITED:
        return f"Credited in full: {total}."
    credited = settlement.amount_credited
    by_credit = f", {credited:.2f} of it by credit" if credited else ""
    return f"Paid in full: {total}{by_credit}." if is_whole else f"Part-paid: {settled} of {total}{by_credit}."


def _taken_back(before: Before, settlement: Settlement, taken_back: Decimal) -> str:
    left = f"{settlement.amount_settled:.2f} of {before.total:.2f} {before.currency}"
    if before.is_credit_note:
        return f"{taken_back:.2f} {before.currency} of it is free again: {left} is used."
    rest = f"{left} is paid" if settlement.amount_settled else "nothing is paid"
    return f"{taken_back:.2f} {before.currency} was taken back: {rest}."

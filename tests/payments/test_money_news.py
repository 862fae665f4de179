"""What a person reads of each change."""

from decimal import Decimal

import pytest

from integrations.job_states import MoneyState
from integrations.payments.money_news import Before, News, tell_news
from integrations.payments.settlement import Settlement, money_state


def before(status: str = "AUTHORISED", settled: str = "0", **more: object) -> Before:
    amount = Decimal(settled)
    usual = {
        "money_state": money_state(status=status, paid=amount, credited=Decimal(0)), "total": Decimal("110.00"),
        "currency": "AUD", "is_credit_note": False, "is_delivered": True,
    }  # fmt: skip
    return Before(status=status, amount_settled=amount, **{**usual, **more})  # type: ignore[arg-type]


def now(status: str = "AUTHORISED", paid: str = "0", credited: str = "0", **more: object) -> Settlement:
    amounts = {"paid": Decimal(paid), "credited": Decimal(credited)}
    usual = {
        "money_state": money_state(status=status, **amounts), "amount_due": Decimal(0), "fully_paid_date": None,
        "changed_at": None, "payments": None,
    }  # fmt: skip
    return Settlement(
        xero_id="i", status=status, amount_paid=amounts["paid"], amount_credited=amounts["credited"],
        **{**usual, **more},  # type: ignore[arg-type]
    )  # fmt: skip


CASES = {
    "partial payment": (before(), now(paid="40"), "payment", "Part-paid: 40.00 of 110.00 AUD."),
    "second payment": (before(settled="40"), now(paid="50"), "payment", "Part-paid: 50.00 of 110.00 AUD."),
    "the rest": (before(settled="40"), now("PAID", paid="110"), "payment", "Paid in full: 110.00 AUD."),
    "partial credit": (
        before(), now(credited="60"), "payment", "Part-paid: 60.00 of 110.00 AUD, 60.00 of it by credit.",
    ),
    "credit and cash": (
        before(settled="60"), now("PAID", paid="50", credited="60"), "payment",
        "Paid in full: 110.00 AUD, 60.00 of it by credit.",
    ),
    "credit alone": (before(), now("PAID", credited="110"), "payment", "Credited in full: 110.00 AUD."),
    "an overpayment of another invoice": (
        before(), now("PAID", credited="110", money_state=MoneyState.PAID), "payment",
        "Paid in full: 110.00 AUD, 110.00 of it by credit.",
    ),
    "nothing to pay": (before(), now("PAID"), "payment", "Paid in full: 110.00 AUD."),
    "cash replaced by credit": (
        before("PAID", settled="110"), now("PAID", credited="110"), "payment", "Credited in full: 110.00 AUD.",
    ),
    "some taken back": (
        before("PAID", settled="110"), now(paid="70"), "payment taken back",
        "40.00 AUD was taken back: 70.00 of 110.00 AUD is paid.",
    ),
    "all taken back": (
        before(settled="40"), now(), "payment taken back", "40.00 AUD was taken back: nothing is paid.",
    ),
    "credit note used": (
        before(is_credit_note=True), now(credited="30"), "payment", "Part-used: 30.00 of 110.00 AUD.",
    ),
    "credit note used up": (
        before(is_credit_note=True), now("PAID", credited="110"), "payment", "Used in full: 110.00 AUD.",
    ),
    "allocation removed": (
        before(settled="30", is_credit_note=True), now(), "payment taken back",
        "30.00 AUD of it is free again: 0.00 of 110.00 AUD is used.",
    ),
    "voided": (before(), now("VOIDED"), "voided in xero", "Voided in Xero."),
    "deleted": (before("DRAFT"), now("DELETED"), "voided in xero", "Deleted in Xero."),
    "draft approved there": (before("DRAFT"), now(), "approved in xero", "Approved in Xero."),
    "draft approved and paid there": (before("DRAFT"), now(paid="40"), "payment", "Part-paid: 40.00 of 110.00 AUD."),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_change_is_told(case: str) -> None:
    known, told, event, text = CASES[case]

    assert tell_news(known, told) == News(event, text)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (before(), now()),
        (before(settled="40"), now(paid="40")),
        (before("PAID", settled="110"), now("PAID", paid="110")),
        (before("VOIDED"), now("VOIDED")),
        (before("DRAFT"), now("DRAFT")),
        (before(), now("BRAND_NEW_VALUE", paid="40")),
        (before(""), now()),
        (before("DRAFT", is_delivered=False), now()),
    ],
    ids=["unpaid", "part-paid", "paid", "gone", "draft", "unknown word", "first look", "we approve it ourselves"],
)
def test_what_is_known_is_not_told_again(known: Before, told: Settlement) -> None:
    assert tell_news(known, told) is None

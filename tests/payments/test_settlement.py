from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.job_states import MoneyState
from integrations.payments.settlement import (
    Settlement,
    money_state,
    settlement_of_credit_note,
    settlement_of_invoice,
)

amounts = st.decimals("0", "1000", places=2)
CHANGED = "/Date(1772444000000+0000)/"
INVOICE = {
    "InvoiceID": "i", "Status": "AUTHORISED", "AmountDue": Decimal("60.00"), "AmountPaid": Decimal("40.00"),
    "AmountCredited": Decimal("10.00"), "UpdatedDateUTC": CHANGED,
}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "paid", "credited", "expected"),
    [
        ("AUTHORISED", "0", "0", "unpaid"),
        ("AUTHORISED", "0.01", "0", "part-paid"),
        ("AUTHORISED", "0", "5", "part-paid"),
        ("PAID", "10", "0", "paid"),
        ("PAID", "4", "6", "paid"),
        ("PAID", "0", "10", "credited"),
        ("PAID", "0", "0", "paid"),
        ("DRAFT", "0", "0", ""),
        ("SUBMITTED", "0", "0", ""),
        ("VOIDED", "10", "0", ""),
        ("DELETED", "0", "0", ""),
        ("BRAND_NEW_VALUE", "10", "0", ""),
    ],
)
def test_status_decides_before_the_amounts(status: str, paid: str, credited: str, expected: str) -> None:
    assert money_state(status=status, paid=Decimal(paid), credited=Decimal(credited)) == expected


@given(status=st.sampled_from(["AUTHORISED", "PAID", "VOIDED", "DRAFT"]), paid=amounts, credited=amounts)
def test_money_is_never_told_of_a_document_outside_the_ledger(status: str, paid: Decimal, credited: Decimal) -> None:
    state = money_state(status=status, paid=paid, credited=credited)

    assert (state == MoneyState.NONE) == (status in {"VOIDED", "DRAFT"})


def test_invoice_is_read() -> None:
    assert settlement_of_invoice(INVOICE) == Settlement(
        xero_id="i", status="AUTHORISED", money_state=MoneyState.PART_PAID, amount_due=Decimal("60.00"),
        amount_paid=Decimal("40.00"), amount_credited=Decimal("10.00"), fully_paid_date=None,
        changed_at=datetime.fromtimestamp(1772444000, UTC), payments=None,
    )  # fmt: skip


def test_payments_are_read_where_the_answer_has_them() -> None:
    payments = [{"PaymentID": "p", "Date": "/Date(1772409600000+0000)/", "Amount": Decimal(40)}, {"PaymentID": "q"}]

    read = settlement_of_invoice(INVOICE | {"Payments": payments}).payments

    assert read == (
        {"id": "q", "date": "", "amount": "0.00", "kind": "payment", "number": ""},
        {"id": "p", "date": "2026-03-02", "amount": "40.00", "kind": "payment", "number": ""},
    )


@pytest.mark.parametrize(
    ("name", "kind", "state"),
    [
        ("CreditNotes", "credit note", "credited"),
        ("Prepayments", "prepayment", "paid"),
        ("Overpayments", "overpayment", "paid"),
    ],
)
def test_what_was_applied_is_told_apart_by_whose_money_it_is(name: str, kind: str, state: str) -> None:
    """The form of an applied credit: Invoice.CreditNotes, .Prepayments and .Overpayments in Xero's OpenAPI file."""
    word = name.removesuffix("s")
    applied = {f"{word}ID": "x", f"{word}Number": "N-7", "AppliedAmount": Decimal("100.00"), "Total": Decimal("250.00")}
    settled = {"Status": "PAID", "AmountDue": 0, "AmountPaid": 0, "AmountCredited": Decimal("100.00"), "Payments": []}

    read = settlement_of_invoice(INVOICE | settled | {name: [applied]})

    assert (read.money_state, read.amount_credited) == (state, Decimal("100.00"))
    assert read.payments == ({"id": "x", "date": "", "amount": "100.00", "kind": kind, "number": "N-7"},)


def test_what_settles_a_document_stands_in_the_same_order_however_it_is_answered() -> None:
    payments = [{"PaymentID": key, "Date": CHANGED, "Amount": 1} for key in "abc"]

    one, other = (settlement_of_invoice(INVOICE | {"Payments": some}) for some in (payments, payments[::-1]))

    assert one == other


def test_refund_of_a_credit_note_is_a_payment_and_an_allocation_is_not() -> None:
    note = {
        "CreditNoteID": "c", "Status": "PAID", "Total": 100, "RemainingCredit": 0,
        "Payments": [{"PaymentID": "p", "Amount": 30}],
        "Allocations": [{"Amount": 70, "Invoice": {"InvoiceID": "i", "InvoiceNumber": "INV-1"}}],
    }  # fmt: skip

    read = settlement_of_credit_note(note)

    assert (read.money_state, read.amount_paid, read.amount_credited) == ("paid", Decimal(30), Decimal(70))
    assert read.payments is not None
    assert [(line["kind"], line["id"], line["number"]) for line in read.payments] == [
        ("allocation", "i", "INV-1"),
        ("refund", "p", ""),
    ]


def test_paid_invoice_says_since_when() -> None:
    read = settlement_of_invoice(INVOICE | {"Status": "PAID", "FullyPaidOnDate": "/Date(1772409600000+0000)/"})

    assert (read.money_state, read.fully_paid_date) == (MoneyState.PAID, date(2026, 3, 2))


@pytest.mark.parametrize(
    ("status", "remaining", "expected", "used"),
    [
        ("AUTHORISED", "100", "unpaid", "0"),
        ("AUTHORISED", "40", "part-paid", "60"),
        ("PAID", "0", "credited", "100"),
        ("VOIDED", "0", "", "0"),
        ("DELETED", "0", "", "0"),
    ],
)
def test_credit_note_is_used_up_instead_of_paid(status: str, remaining: str, expected: str, used: str) -> None:
    note: dict[str, Any] = {"CreditNoteID": "c", "Status": status, "Total": 100, "RemainingCredit": Decimal(remaining)}

    read = settlement_of_credit_note(note)

    assert (read.money_state, read.amount_credited, read.amount_due) == (expected, Decimal(used), Decimal(remaining))


@pytest.mark.parametrize(
    ("status", "is_gone"), [("VOIDED", True), ("DELETED", True), ("PAID", False), ("DRAFT", False)]
)
def test_voided_document_is_gone(status: str, is_gone: bool) -> None:
    assert settlement_of_invoice(INVOICE | {"Status": status}).is_gone == is_gone

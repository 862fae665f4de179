"""What an answer of Xero's says about the money of a document. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from integrations.job_states import MoneyState
from integrations.xero_gateway.answered_moments import date_of, moment_of
from integrations.xero_gateway.answers import status_of

GONE = frozenset({"VOIDED", "DELETED"})
# Xero's own words for a document that the ledger knows: developer.xero.com/documentation/api/accounting/types.
IN_LEDGER = frozenset({"AUTHORISED", "PAID"})
# What settles an invoice beside payments, by the list that holds it; `kind` is our word for it.
CREDITS = {"CreditNotes": "credit note", "Prepayments": "prepayment", "Overpayments": "overpayment"}
# The customer's own money, paid before there was an invoice, or too much of it on another.
MONEY_CREDITS = frozenset({"prepayment", "overpayment"})
ZERO = Decimal(0)
Element = dict[str, Any]
Line = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """
    Amounts as Xero counts them: what was credited includes prepayments and overpayments.

    `payments`: everything that settles the document, oldest first, each `{id, date, amount, kind, number}`; None
    where the answer was a summary, which leaves payments out.
    """

    xero_id: str
    status: str
    money_state: MoneyState
    amount_due: Decimal
    amount_paid: Decimal
    amount_credited: Decimal
    fully_paid_date: date | None
    changed_at: datetime | None
    payments: tuple[Line, ...] | None

    @property
    def is_gone(self) -> bool:
        return self.status in GONE

    @property
    def amount_settled(self) -> Decimal:
        return self.amount_paid + self.amount_credited


def settlement_of_invoice(element: Element) -> Settlement:
    """developer.xero.com/documentation/api/accounting/invoices: AmountPaid is cash, AmountCredited the rest."""
    paid, credited = _amount(element, "AmountPaid"), _amount(element, "AmountCredited")
    applied = [line for name, kind in CREDITS.items() for line in _applied(element, name, kind)]
    by_money = sum((Decimal(line["amount"]) for line in applied if line["kind"] in MONEY_CREDITS), ZERO)
    return Settlement(
        xero_id=element["InvoiceID"],
        status=status_of(element),
        money_state=money_state(status=element["Status"], paid=paid + by_money, credited=credited - by_money),
        amount_due=_amount(element, "AmountDue"),
        amount_paid=paid,
        amount_credited=credited,
        fully_paid_date=date_of(element.get("FullyPaidOnDate")),
        changed_at=moment_of(element.get("UpdatedDateUTC")),
        payments=_by_date([*_payments(element, "payment"), *applied]) if "Payments" in element else None,
    )


def settlement_of_credit_note(element: Element) -> Settlement:
    """
    developer.xero.com/documentation/api/accounting/creditnotes: what is not remaining was allocated or refunded.

    One that is gone has no credit left and never had any use.
    """
    is_gone = element["Status"] in GONE
    remaining = _amount(element, "RemainingCredit")
    refunds = list(_payments(element, "refund"))
    used = ZERO if is_gone else _amount(element, "Total") - remaining
    refunded = min(used, sum((Decimal(line["amount"]) for line in refunds), ZERO))
    return Settlement(
        xero_id=element["CreditNoteID"],
        status=status_of(element),
        money_state=money_state(status=element["Status"], paid=refunded, credited=used - refunded),
        amount_due=ZERO if is_gone else remaining,
        amount_paid=refunded,
        amount_credited=used - refunded,
        fully_paid_date=date_of(element.get("FullyPaidOnDate")),
        changed_at=moment_of(element.get("UpdatedDateUTC")),
        payments=_by_date([*refunds, *_allocations(element)]),
    )


def money_state(*, status: str, paid: Decimal, credited: Decimal) -> MoneyState:
    """A voided document may still show an amount due, so the status decides first."""
    if status not in IN_LEDGER:
        return MoneyState.NONE
    if status == "PAID":
        return MoneyState.CREDITED if not paid and credited else MoneyState.PAID
    return MoneyState.PART_PAID if paid or credited else MoneyState.UNPAID


def _payments(element: Element, kind: str) -> Iterator[Line]:
    for payment in element.get("Payments", ()):
        yield _line(payment, kind, id_name="PaymentID", amount_name="Amount", number=payment.get("Reference", ""))


def _applied(element: Element, name: str, kind: str) -> Iterator[Line]:
    """Each has its id and number under its own name: CreditNoteID, CreditNoteNumber, OverpaymentID."""
    word = name.removesuffix("s")
    for credit in element.get(name, ()):
        number = credit.get(f"{word}Number", "")
        yield _line(credit, kind, id_name=f"{word}ID", amount_name="AppliedAmount", number=number)


def _allocations(element: Element) -> Iterator[Line]:
    """To which invoices; Xero's page shows allocations without an id too."""
    for allocation in element.get("Allocations", ()):
        invoice = allocation.get("Invoice", {})
        key = allocation.get("AllocationID") or invoice.get("InvoiceID", "")
        line = _line(
            allocation, "allocation", id_name="", amount_name="Amount", number=invoice.get("InvoiceNumber", "")
        )
        yield line | {"id": key}


def _line(element: Element, kind: str, *, id_name: str, amount_name: str, number: str) -> Line:
    return {
        "id": element.get(id_name, ""),
        "date": str(date_of(element.get("Date")) or ""),
        "amount": f"{_amount(element, amount_name):.2f}",
        "kind": kind,
        "number": number,
    }


def _by_date(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Of one day in an order that does not depend on the answer's."""
    return tuple(sorted(lines, key=lambda line: (line["date"], line["kind"], line["id"])))


def _amount(element: Element, name: str) -> Decimal:
    return Decimal(str(element.get(name, 0)))

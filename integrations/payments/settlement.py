"""What an answer of Xero's says about the money of a document. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from integrations.job_states import MoneyState
from integrations.xero_gateway.answered_moments import date_of, moment_of

GONE = frozenset({"VOIDED", "DELETED"})
# Xero's own words for a document that the ledger knows: developer.xero.com/documentation/api/accounting/types.
IN_LEDGER = frozenset({"AUTHORISED", "PAID"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """`payments` is None where the answer was a summary, which leaves them out."""

    xero_id: str
    status: str
    money_state: MoneyState
    amount_due: Decimal
    amount_paid: Decimal
    amount_credited: Decimal
    fully_paid_date: date | None
    changed_at: datetime | None
    payments: tuple[dict[str, str], ...] | None

    @property
    def is_gone(self) -> bool:
        return self.status in GONE


def settlement_of_invoice(element: dict[str, Any]) -> Settlement:
    """developer.xero.com/documentation/api/accounting/invoices: AmountPaid is cash, AmountCredited the rest."""
    paid, credited = _amount(element, "AmountPaid"), _amount(element, "AmountCredited")
    return Settlement(
        xero_id=element["InvoiceID"],
        status=element["Status"],
        money_state=money_state(status=element["Status"], paid=paid, credited=credited),
        amount_due=_amount(element, "AmountDue"),
        amount_paid=paid,
        amount_credited=credited,
        fully_paid_date=date_of(element.get("FullyPaidOnDate")),
        changed_at=moment_of(element.get("UpdatedDateUTC")),
        payments=_payments(element),
    )


def settlement_of_credit_note(element: dict[str, Any]) -> Settlement:
    """developer.xero.com/documentation/api/accounting/creditnotes: what is not remaining was allocated or refunded."""
    remaining = _amount(element, "RemainingCredit")
    used = _amount(element, "Total") - remaining
    return Settlement(
        xero_id=element["CreditNoteID"],
        status=element["Status"],
        money_state=money_state(status=element["Status"], paid=Decimal(0), credited=used),
        amount_due=remaining,
        amount_paid=Decimal(0),
        amount_credited=used,
        fully_paid_date=date_of(element.get("FullyPaidOnDate")),
        changed_at=moment_of(element.get("UpdatedDateUTC")),
        payments=None,
    )


def money_state(*, status: str, paid: Decimal, credited: Decimal) -> MoneyState:
    """A voided document may still show an amount due, so the status decides first."""
    if status not in IN_LEDGER:
        return MoneyState.NONE
    if status == "PAID":
        return MoneyState.CREDITED if not paid and credited else MoneyState.PAID
    return MoneyState.PART_PAID if paid or credited else MoneyState.UNPAID


def _payments(element: dict[str, Any]) -> tuple[dict[str, str], ...] | None:
    if "Payments" not in element:
        return None
    return tuple(
        {
            "id": payment["PaymentID"],
            "date": str(date_of(payment.get("Date")) or ""),
            "amount": f"{_amount(payment, 'Amount'):.2f}",
        }
        for payment in element["Payments"]
    )


def _amount(element: dict[str, Any], name: str) -> Decimal:
    return Decimal(str(element.get(name, 0)))

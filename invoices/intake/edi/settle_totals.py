"""What a message says its charges come to: held against them, and used where it alone can tell what is meant. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from invoices.intake.edi.freight_message import MessageCharge, MessageError, Note, StatedTotal, TotalKind

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


class RatedTax(Protocol):
    """Of the whole message: so much tax at this rate, on so much."""

    rate: Decimal | None
    taxable: Decimal | None
    tax: Decimal | None


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def net_of(charges: Iterable[MessageCharge]) -> Decimal:
    return sum((charge.amount for charge in charges), Decimal(0))


def tax_of(charges: Iterable[MessageCharge]) -> Decimal | None:
    """None: some charge does not say."""
    taxes = [tax_of_charge(charge) for charge in charges]
    known = [tax for tax in taxes if tax is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(taxes) else None


def tax_of_charge(charge: MessageCharge) -> Decimal | None:
    if charge.tax_amount is not None:
        return charge.tax_amount
    return None if charge.tax_rate is None else rounded(charge.amount * charge.tax_rate / HUNDRED)


def settle_included(
    charges: Sequence[MessageCharge], on_lines: set[str], totals: Sequence[StatedTotal]
) -> tuple[list[MessageCharge], list[Note]]:
    """
    Charges on a line may be in the line's own amount already: the totals tell which.

    `on_lines`: the places of such charges. Raises MessageError where the totals do not tell.
    """
    inner = [charge for charge in charges if charge.place in on_lines]
    if not inner:
        return list(charges), []
    outer = [charge for charge in charges if charge.place not in on_lines]
    if not totals:
        raise MessageError(
            f"A line has a charge of its own ({inner[0].place}), and no total tells whether it is in it."
        )
    if not differences(outer, totals):
        told = "is in the line's amount already"
        return outer, [
            Note(text=f"{charge.description or charge.code} {told}.", place=charge.place) for charge in inner
        ]
    return list(charges), []


def spread_tax(
    charges: Sequence[MessageCharge], taxes: Sequence[RatedTax], totals: Sequence[StatedTotal]
) -> list[MessageCharge]:
    """Tax that the message states for all of it alone goes to every charge, where one rate explains it."""
    stated = [total.amount for total in totals if total.kind is TotalKind.TAX]
    if not charges or any(charge.tax_rate is not None or charge.tax_amount is not None for charge in charges):
        return list(charges)
    rates = {tax.rate for tax in taxes if tax.rate is not None}
    if stated and not any(stated):
        rates = {Decimal(0)}
    if len(rates) != 1:
        return list(charges)
    (rate,) = rates
    of_all = rounded(net_of(charges) * rate / HUNDRED)
    if stated and abs(of_all - stated[0]) > CENT:
        return list(charges)
    return [replace(charge, tax_rate=rate) for charge in charges]


def differences(charges: Sequence[MessageCharge], totals: Sequence[StatedTotal]) -> list[Note]:
    """Empty: whatever the message states of its totals is what its charges come to."""
    net, tax = net_of(charges), tax_of(charges)
    lines = net_of(charge for charge in charges if charge.place.startswith("LIN"))
    stated_tax = next((total.amount for total in totals if total.kind is TotalKind.TAX), None)
    sums: Mapping[TotalKind, Decimal | None] = {
        TotalKind.LINES: lines,
        TotalKind.NET: net,
        TotalKind.TAX: tax,
        TotalKind.GROSS: net + (stated_tax if stated_tax is not None else tax or Decimal(0)),
    }
    found = []
    for total in totals:
        said, ours = total.amount, sums[total.kind]
        if total.kind is TotalKind.TAX and (ours is None or abs(ours - said) <= CENT * len(charges)):
            found += _unassigned(total) if ours is None and said else []
        elif ours is not None and rounded(ours) != rounded(said) and not _is_with_allowances(total, net):
            text = f"The message says {said:f} {total.kind}, its charges come to {rounded(ours):f}."
            found.append(Note(text=text, place=total.place, is_error=True))
    return found


def _is_with_allowances(total: StatedTotal, net: Decimal) -> bool:
    """Some senders count the charges of the whole message among the lines."""
    return total.kind is TotalKind.LINES and rounded(net) == rounded(total.amount)


def _unassigned(total: StatedTotal) -> list[Note]:
    text = f"The message has {total.amount:f} of tax, and it cannot be told on which charges."
    return [Note(text=text, place=total.place, is_error=True)]

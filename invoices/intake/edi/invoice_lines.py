"""The charges of an INVOIC while it is read: what gathers in a line or an allowance, and what it becomes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from invoices.intake.edi.edifact_words import ALLOWANCE_AMOUNTS, LINE_AMOUNTS
from invoices.intake.edi.freight_message import MessageCharge, MessageError, Note, Reference
from invoices.intake.edi.message_text import plain_text

LONGEST_CODE = 30
LONGEST_DESCRIPTION = 500


@dataclass(slots=True)
class OpenCharge:
    """
    A line (LIN), or an allowance or charge (ALC), with the segments behind it.

    `amounts`: what its MOA say, by qualifier, then by currency. `is_allowance`: it is taken off.
    """

    place: str
    is_line: bool
    is_allowance: bool = False
    # A charge on a line: the line's amount may hold it already.
    is_on_line: bool = False
    codes: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    amounts: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    tax_rates: list[Decimal] = field(default_factory=list)
    tax_amounts: list[Decimal] = field(default_factory=list)
    quantity: Decimal | None = None
    prices: list[Decimal] = field(default_factory=list)

    def net(self, currency: str) -> Mapping[str, Decimal]:
        """Before tax, by currency; empty where nothing says what it costs."""
        for qualifier in LINE_AMOUNTS if self.is_line else ALLOWANCE_AMOUNTS:
            if qualifier in self.amounts:
                found = self.amounts[qualifier]
                first = {currency: found[currency]} if currency in found else {}
                return {name: self.signed(amount) for name, amount in {**first, **found}.items()}
        if self.is_line and len(set(self.prices)) == 1:
            quantity = Decimal(1) if self.quantity is None else self.quantity
            return {currency: quantity * self.prices[0]}
        return {}

    def signed(self, amount: Decimal) -> Decimal:
        """An allowance may be written with its minus or without."""
        return -abs(amount) if self.is_allowance else amount


def is_below_zero(opened: Sequence[OpenCharge], currency: str) -> bool:
    """What they come to, in the currency of the message."""
    return sum((one.net(currency).get(currency, Decimal(0)) for one in opened), Decimal(0)) < 0


def close_charges(opened: Sequence[OpenCharge], *, currency: str, sign: int) -> tuple[list[MessageCharge], list[Note]]:
    """`sign`: -1 for a credit note. Raises MessageError where a charge cannot be understood."""
    charges: list[MessageCharge] = []
    notes: list[Note] = []
    for one in opened:
        amounts = {name: amount * sign for name, amount in one.net(currency).items()}
        if not amounts:
            _refuse_priceless(one)
            notes.append(Note(text="It names no amount, so it is no charge.", place=one.place))
        elif not any(amounts.values()):
            notes.append(Note(text="The amount is 0: no charge.", place=one.place))
        else:
            charges.append(_charge(one, amounts, sign=sign))
    return charges, notes


def _refuse_priceless(one: OpenCharge) -> None:
    if one.prices:
        raise MessageError(f"It names several prices and no amount ({one.place}), so it cannot be told what it costs.")
    if one.amounts:
        named = ", ".join(sorted(one.amounts))
        raise MessageError(f"What it costs cannot be told from its amounts (MOA {named}; {one.place}).")


def _charge(one: OpenCharge, amounts: Mapping[str, Decimal], *, sign: int) -> MessageCharge:
    if len(set(one.tax_rates)) > 1:
        raise MessageError(f"It has several rates of tax ({one.place}).")
    description = plain_text(" ".join(dict.fromkeys(one.descriptions)), longest=LONGEST_DESCRIPTION)
    code = next(filter(None, one.codes), description)
    return MessageCharge(
        place=one.place,
        code=code[:LONGEST_CODE],
        description=description,
        amounts=amounts,
        tax_rate=one.tax_rates[0] if one.tax_rates else None,
        tax_amount=sum(one.tax_amounts, Decimal(0)) * sign if one.tax_amounts else None,
        references=tuple(dict.fromkeys(one.references)),
    )

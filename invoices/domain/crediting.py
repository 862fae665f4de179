"""What of an invoice can be credited yet, and the lines of a credit note that takes it back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from invoices.domain.totals import LineAmounts, Totals, line_amounts, sum_lines
from invoices.models import Invoice, InvoiceLine
from invoices.models.invoice import InvoiceStatus

ONE = Decimal(1)


class CannotCreditError(Exception):
    """It cannot be credited, or not so; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLeft:
    """
    Of a line, what no credit note has taken back. `quantity` None: a part of its money was credited, so that no
    number of pieces says what is left.
    """

    line: InvoiceLine
    quantity: Decimal | None
    net: Decimal

    @property
    def is_open(self) -> bool:
        return self.net != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditedLine:
    """A line of the credit note to be, with positive signs where the invoice has them."""

    line: InvoiceLine
    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal

    @property
    def amounts(self) -> LineAmounts:
        return line_amounts(
            quantity=self.quantity,
            unit_price=self.unit_price,
            discount_percent=self.discount_percent,
            tax_rate=self.line.tax_rate,
        )


def lines_left(invoice: Invoice) -> list[LineLeft]:
    """In the order of the invoice. Two queries."""
    lines = invoice.lines.select_related("shipment", "charge_code", "tax_code").order_by("position")
    credited: dict[int | None, list[InvoiceLine]] = defaultdict(list)
    rows = InvoiceLine.objects.filter(credited_line__invoice=invoice).exclude(invoice__status=InvoiceStatus.VOIDED)
    for one in rows:
        credited[one.credited_line_id].append(one)
    return [_left(line, credited[line.pk]) for line in lines]


def credit_all(left: Sequence[LineLeft]) -> list[CreditedLine]:
    """Whatever is left of each line."""
    return [_whole(one) for one in left if one.is_open]


def credit_part(one: LineLeft, *, quantity: Decimal | None, amount: Decimal | None) -> CreditedLine | None:
    """So many pieces, or so much money before tax; None: nothing of this line. Raises CannotCreditError."""
    if quantity and amount:
        raise CannotCreditError("Say either how many or how much.")
    if quantity:
        wanted = CreditedLine(
            line=one.line,
            quantity=quantity,
            unit_price=one.line.unit_price,
            discount_percent=one.line.discount_percent,
        )
        if one.quantity is None or not _is_within(quantity, one.quantity):
            raise CannotCreditError(f"At most {one.quantity.normalize():f}." if one.quantity else "Say how much.")
    elif amount:
        wanted = _by_money(one.line, amount)
    else:
        return None
    if not _is_within(wanted.amounts.net, one.net):
        raise CannotCreditError(f"At most {one.net:.2f} before tax is left.")
    return wanted


def totals_of(lines: Iterable[CreditedLine]) -> Totals:
    return sum_lines(line.amounts for line in lines)


def _left(line: InvoiceLine, taken: Sequence[InvoiceLine]) -> LineLeft:
    by_piece = [one for one in taken if _is_by_piece(one, line)]
    quantity = line.quantity - sum((one.quantity for one in by_piece), Decimal(0))
    net = line.net_amount - sum((one.net_amount for one in taken), Decimal(0))
    return LineLeft(line=line, quantity=quantity if len(by_piece) == len(taken) else None, net=net)


def _is_by_piece(credit: InvoiceLine, line: InvoiceLine) -> bool:
    return bool(credit.unit_price == line.unit_price and credit.discount_percent == line.discount_percent)


def _whole(one: LineLeft) -> CreditedLine:
    if one.quantity is not None:
        by_piece = CreditedLine(
            line=one.line,
            quantity=one.quantity,
            unit_price=one.line.unit_price,
            discount_percent=one.line.discount_percent,
        )
        if by_piece.amounts.net == one.net:
            return by_piece
    return _by_money(one.line, one.net)


def _by_money(line: InvoiceLine, amount: Decimal) -> CreditedLine:
    return CreditedLine(line=line, quantity=ONE, unit_price=amount, discount_percent=Decimal(0))


def _is_within(wanted: Decimal, left: Decimal) -> bool:
    """Of the same sign, and no more: a rebate on an invoice is credited as a rebate."""
    return wanted * left > 0 and abs(wanted) <= abs(left)

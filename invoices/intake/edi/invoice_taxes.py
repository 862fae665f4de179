"""The tax that an INVOIC sums up behind its lines: in all, or for each rate. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from invoices.intake.edi.freight_message import StatedTotal, TotalKind


@dataclass(slots=True)
class TaxSummary:
    """A TAX of the whole message with the amounts (MOA) behind it. `rate` in per cent."""

    rate: Decimal | None
    taxable: Decimal | None = None
    tax: Decimal | None = None


def tax_totals(taxes: Sequence[TaxSummary], totals: Sequence[StatedTotal]) -> list[StatedTotal]:
    """Added up over the rates, where no total of its own says it."""
    stated = {total.kind for total in totals}
    sums = {
        TotalKind.TAX: ("MOA 124 behind TAX", [tax.tax for tax in taxes]),
        TotalKind.NET: ("MOA 125 behind TAX", [tax.taxable for tax in taxes]),
    }
    return [
        StatedTotal(kind=kind, place=place, amount=sum((one for one in amounts if one is not None), Decimal(0)))
        for kind, (place, amounts) in sums.items()
        if amounts and None not in amounts and kind not in stated
    ]

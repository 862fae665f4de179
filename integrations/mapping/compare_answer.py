"""Whether Xero holds what the TMS holds: checked on every answer, before and after the approval."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from integrations.mapping.documents import MappedDocument

# Rates come back with six decimals; one that was rounded on the way is still the one we sent.
RATE_TOLERANCE = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredFigures:
    """What an answer of Xero says of a document; amounts in its currency."""

    total: Decimal
    tax: Decimal
    currency: str
    exchange_rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFigures:
    """Those of a MappedDocument that are compared."""

    net_total: Decimal
    tax_total: Decimal
    currency: str
    exchange_rate: Decimal

    @property
    def total(self) -> Decimal:
        return self.net_total + self.tax_total


@dataclass(frozen=True, slots=True)
class Difference:
    field: str
    ours: str
    theirs: str


def differences(sent: MappedDocument | SentFigures, answered: AnsweredFigures) -> list[Difference]:
    """Empty: equal to the cent."""
    return list(_differences(sent, answered))


def _differences(sent: MappedDocument | SentFigures, answered: AnsweredFigures) -> Iterator[Difference]:
    if answered.total != sent.total:
        yield Difference("total", f"{sent.total:.2f}", f"{answered.total:.2f}")
    if answered.tax != sent.tax_total:
        yield Difference("tax", f"{sent.tax_total:.2f}", f"{answered.tax:.2f}")
    if answered.currency != sent.currency:
        yield Difference("currency", sent.currency, answered.currency)
    rate = answered.exchange_rate
    if rate is not None and abs(rate - sent.exchange_rate) > RATE_TOLERANCE:
        yield Difference("exchange rate", f"{sent.exchange_rate.normalize():f}", f"{rate.normalize():f}")

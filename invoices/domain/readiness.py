"""
Whether a shipment has all that an invoice needs (F31): every missing field at once, in words.

Pure. What Xero's side needs (an account for each charge code, a matched customer) is checked by the mapping.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

INCOTERMS = frozenset({"EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF", "DDU", "DAT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFacts:
    charge_code: str
    quantity: Decimal | None
    unit_price: Decimal | None
    tax_rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentFacts:
    """What the check looks at; `customer_code` is that of the party which the sending rules bill."""

    number: str
    exporter_reference: str
    is_booking: bool
    customer_code: str
    currency: str
    base_currency: str
    exchange_rate: Decimal | None
    incoterm: str
    declared_value: Decimal | None
    dates: tuple[date | None, ...]
    terms_days: int | None
    charges: tuple[ChargeFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFacts:
    """A charge of the cost side."""

    charge: ChargeFacts
    supplier_code: str
    supplier_number: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that must be filled in: its name on the form, and the sentence shown beside it."""

    field: str
    text: str


def missing_fields(facts: ShipmentFacts) -> list[Missing]:
    """Empty: an invoice can be drafted. The order is that of the form."""
    return [*_of_shipment(facts), *_of_charges(facts.charges)]


def missing_costs(facts: ShipmentFacts, costs: tuple[CostFacts, ...]) -> list[Missing]:
    """Empty: bills can be drafted from the costs. What only a customer needs to know is not asked for."""
    return [*_of_currency(facts), *_of_charges(tuple(cost.charge for cost in costs)), *_of_suppliers(costs)]


def _of_suppliers(costs: tuple[CostFacts, ...]) -> Iterable[Missing]:
    for position, cost in enumerate(costs, start=1):
        name = cost.charge.charge_code or f"number {position}"
        if not cost.supplier_code:
            yield Missing("supplier", f"Cost {name} has no supplier.")
        if not cost.supplier_number:
            yield Missing("supplier_number", f"Cost {name} has no number of the supplier's invoice.")


def _of_shipment(facts: ShipmentFacts) -> Iterable[Missing]:
    if not facts.customer_code:
        yield Missing("customer", "No customer: the party that is billed has no code.")
    if not facts.number and not facts.exporter_reference:
        yield Missing("number", "Neither a shipment number nor an exporter reference.")
    yield from _of_currency(facts)
    if facts.is_booking and facts.incoterm not in INCOTERMS:
        yield Missing("incoterm", _incoterm_text(facts.incoterm))
    if facts.is_booking and facts.declared_value is None:
        yield Missing("declared_value", "No value of the goods.")
    if not any(facts.dates):
        yield Missing("etd_date", "No date: departure, arrival, delivery and creation are all empty.")
    if facts.terms_days is None:
        yield Missing("due_date", "No due date: neither the customer nor the billing entity has payment terms.")


def _of_currency(facts: ShipmentFacts) -> Iterable[Missing]:
    if not facts.currency:
        yield Missing("currency", "No currency.")
    yield from _of_rate(facts)


def _of_rate(facts: ShipmentFacts) -> Iterable[Missing]:
    """Without a rate Xero would take one of its own (F43)."""
    if facts.currency in {"", facts.base_currency}:
        return
    if facts.exchange_rate is None:
        yield Missing("exchange_rate", f"No exchange rate: how many {facts.currency} for one {facts.base_currency}?")
    elif facts.exchange_rate <= 0:
        yield Missing("exchange_rate", f"The exchange rate {facts.exchange_rate.normalize():f} is not above 0.")


def _of_charges(charges: tuple[ChargeFacts, ...]) -> Iterable[Missing]:
    for position, charge in enumerate(charges, start=1):
        name = charge.charge_code or f"number {position}"
        if not charge.charge_code:
            yield Missing("charge_code", f"Charge {position} has no charge code.")
        if not charge.quantity:
            yield Missing("quantity", f"Charge {name} has no quantity.")
        if charge.unit_price is None:
            yield Missing("unit_price", f"Charge {name} has no price.")
        if charge.tax_rate is None:
            yield Missing("tax_code", f"Charge {name} has no tax code, and neither has its charge code.")


def _incoterm_text(incoterm: str) -> str:
    return f"{incoterm} is no Incoterm." if incoterm else "No Incoterm: a booking needs one."

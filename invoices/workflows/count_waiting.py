"""How much of what no invoice bills yet uses a code, a currency or a customer: what a mapping of it matters for."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from integrations.mapping.choose_tax_code import TaxedCharge
from integrations.mapping.rules import OrganisationRules
from invoices.models import ShipmentCharge
from invoices.models.shipment_charge import Side
from invoices.workflows.tax_of_charge import SIDES, choose_for_taxed

IS_COST = Q(side=Side.COST)


def shipments_by_charge_code() -> dict[int, int]:
    """By the row of the code; one query, as each of these, in the tenant's scope."""
    return _shipments_by(_waiting(), "charge_code")


def shipments_by_currency() -> dict[str, int]:
    return _shipments_by(_waiting(), "shipment__currency")


def shipments_by_party(customers: Collection[int]) -> dict[int, int]:
    """What these customers are billed, and what is bought from them. By the row of the customer."""
    theirs = _waiting().filter(Q(shipment__bill_to__in=customers) | Q(supplier__in=customers))
    party = Case(When(IS_COST, then="supplier"), default="shipment__bill_to")
    return _shipments_by(theirs.annotate(party=party), "party")


def charges_by_tax_code(rules: OrganisationRules) -> Counter[str]:
    """By the code that each is taxed by, wherever the rules take it from."""
    counts: Counter[str] = Counter()
    for side, own, of_customer, country, charge_code, of_charge_code, cost_centre, count in _taxed_alike():
        taxed = TaxedCharge(
            side=SIDES[Side(side)],
            charge_code=charge_code,
            cost_centre=cost_centre,
            country=country,
            own=own,
            of_customer=of_customer,
            of_charge_code=of_charge_code,
        )
        counts[choose_for_taxed(rules, taxed).tax_code] += count
    return counts


def _waiting() -> QuerySet[ShipmentCharge]:
    return ShipmentCharge.objects.filter(invoice=None, shipment__do_not_send_reason="").order_by()


def _shipments_by(charges: QuerySet[ShipmentCharge], name: str) -> dict[Any, int]:
    return dict(charges.values_list(name).annotate(count=Count("shipment", distinct=True)))


def _taxed_alike() -> QuerySet[ShipmentCharge, tuple[str, str, str, str, str, str, str, int]]:
    """What the tax of a charge hangs on, and how many charges share it."""
    return (
        _waiting()
        .values_list(
            "side",
            _text(F("tax_code__code")),
            _text(_by_side("supplier__tax_code__code", "shipment__bill_to__tax_code__code")),
            _text(_by_side("supplier__country", "shipment__bill_to__country")),
            _text(F("charge_code__code")),
            _text(_by_side("charge_code__purchase_tax_code__code", "charge_code__sales_tax_code__code")),
            "cost_centre",
        )
        .annotate(count=Count("id"))
    )


def _by_side(of_cost: str, of_sale: str) -> Case:
    return Case(When(IS_COST, then=of_cost), default=of_sale)


def _text(expression: F | Case) -> Coalesce:
    return Coalesce(expression, Value(""))

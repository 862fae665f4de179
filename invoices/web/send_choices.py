"""What a click on Send can send of the selected shipments: the sales alone, or the costs too."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from integrations.models.connection_settings import SentSides
from invoices.domain.shipment_queries import both_sides_can_go, sales_can_go, unbilled_totals
from invoices.models import Shipment
from invoices.models.shipment import Readiness, ShipmentDocument
from invoices.models.shipment_charge import Side

Totals = list[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideChoice:
    """`going`: the shipments that this choice sends. `costs` are empty where it sends none."""

    sides: str
    label: str
    going: QuerySet[Shipment]
    count: int
    totals: Totals
    costs: Totals
    is_chosen: bool


def side_choices(selected: QuerySet[Shipment], *, rule: str, last: str) -> list[SideChoice]:
    """
    One where there is nothing to choose: no costs wait, and the rules do not ask for them. Otherwise what this person
    chose `last` is chosen again; the rule's, where that is empty.
    """
    has_costs = selected.exclude(cost_readiness=Readiness.NOTHING).exists()
    offered = [SentSides.SALES, SentSides.BOTH] if has_costs else [SentSides(rule)]
    wanted = (last or rule) if has_costs else rule
    return [_choice(sides, selected, is_chosen=sides == wanted) for sides in offered]


def count_quotes(going: QuerySet[Shipment], *, rule: str) -> int:
    """How many become quotes rather than invoices; `rule`: for those that say nothing themselves."""
    named = [ShipmentDocument.QUOTE, *([""] if rule == ShipmentDocument.QUOTE else [])]
    return going.filter(sales_readiness=Readiness.READY, document__in=named).count()


def _choice(sides: SentSides, selected: QuerySet[Shipment], *, is_chosen: bool) -> SideChoice:
    is_both = sides == SentSides.BOTH
    going = both_sides_can_go(selected) if is_both else sales_can_go(selected)
    return SideChoice(
        sides=sides,
        label=sides.label,
        going=going,
        count=going.count(),
        totals=unbilled_totals(going),
        costs=unbilled_totals(going, side=Side.COST) if is_both else [],
        is_chosen=is_chosen,
    )

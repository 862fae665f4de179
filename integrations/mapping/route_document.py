"""Which organisation a shipment's documents go to: the first rule that fits decides, else the default (F28)."""

from collections.abc import Sequence
from dataclasses import dataclass

# In the order in which they are told.
CONDITIONS = ("branch", "currency", "customer", "mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """What rules look at. `customer`: the code of the bill-to party."""

    branch: str = ""
    currency: str = ""
    customer: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRule:
    """An empty condition fits everything; one that has none at all never decides."""

    connection_id: int
    branch: str = ""
    currency: str = ""
    customer: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`because`: the conditions that decided, such as "currency = AUD"; empty for the default."""

    connection_id: int
    because: str = ""


def choose_route(facts: RouteFacts, rules: Sequence[RouteRule], *, default_id: int) -> Route:
    """Letters count the same in either case, and spaces at the ends not at all, since people type them."""
    for rule in rules:
        wanted = {name: getattr(rule, name) for name in CONDITIONS if getattr(rule, name)}
        if wanted and all(_same(getattr(facts, name), text) for name, text in wanted.items()):
            return Route(connection_id=rule.connection_id, because=told(rule))
    return Route(connection_id=default_id)


def told(rule: RouteRule) -> str:
    return " and ".join(f"{name} = {getattr(rule, name)}" for name in CONDITIONS if getattr(rule, name))


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()

"""Which organisation the documents of shipments go to, by the routing rules, and by whose settings."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Count, QuerySet

from freightbridge.tenancy.models import Tenant
from integrations.connection.active_connection import active_connections, load_routes
from integrations.mapping.route_document import Route, RouteFacts, choose_route
from integrations.models import XeroConnection
from invoices.domain.billable_shipments import Unbilled
from invoices.models import Invoice, Shipment
from invoices.workflows.sending_context import SendingContext, sending_context

FACTS = ("branch", "currency", "bill_to__code", "mode")
# What stands there.
Facts = Sequence[Any]
Member = TypeVar("Member")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """`because`: the conditions of the rule that decided; empty for the default. `count` shipments go there by it."""

    connection: XeroConnection
    because: str
    count: int = 1


@dataclass
class Routes:
    """Of the tenant whose scope it is used in; each query is made once, where it is needed."""

    known: dict[int, XeroConnection] = field(default_factory=dict)

    @cached_property
    def active(self) -> list[XeroConnection]:
        found = active_connections()
        self.known |= {one.pk: one for one in found}
        return found

    @cached_property
    def rules(self) -> list[Any]:
        """One connection needs none, whatever was written down while there were several."""
        return load_routes() if len(self.active) > 1 else []

    def choose(self, branch: str, currency: str, customer: str | None, mode: str) -> Route | None:
        """None: nothing is connected."""
        if not self.active:
            return None
        facts = RouteFacts(branch=branch, currency=currency, customer=customer or "", mode=mode)
        return choose_route(facts, self.rules, default_id=self.active[0].pk)

    def connection(self, connection_id: int) -> XeroConnection:
        """A rule may name one that is disconnected now: its documents wait rather than go elsewhere."""
        if connection_id not in self.known:
            self.known[connection_id] = XeroConnection.objects.get(pk=connection_id)
        return self.known[connection_id]


def contexts_of(shipment_ids: Sequence[int], *, tenant: Tenant) -> list[tuple[SendingContext, list[int]]]:
    """The shipments by where they go, each set with what sending there needs to know; in their order."""
    return _split(shipment_ids, _read_facts, tenant=tenant)


def contexts_of_new(found: Sequence[Unbilled], *, tenant: Tenant) -> list[tuple[SendingContext, list[Unbilled]]]:
    """`contexts_of` shipments that are not in the database yet."""
    return _split(found, lambda ones: [(one, _facts(one.shipment)) for one in ones], tenant=tenant)


def _split(
    members: Sequence[Member], facts_of: Callable[[Sequence[Member]], Iterable[tuple[Member, Facts]]], *, tenant: Tenant
) -> list[tuple[SendingContext, list[Member]]]:
    routes = Routes()
    if not routes.rules:
        return [(sending_context(tenant, to=next(iter(routes.active), None)), list(members))]
    by_connection: dict[int, list[Member]] = defaultdict(list)
    for member, facts in facts_of(members):
        route = routes.choose(*facts)
        if route is not None:
            by_connection[route.connection_id].append(member)
    return [(sending_context(tenant, to=routes.connection(pk)), found) for pk, found in by_connection.items()]


def context_of_shipment(shipment: Shipment, *, tenant: Tenant) -> SendingContext:
    ((context, _),) = contexts_of([shipment.pk], tenant=tenant)
    return context


def context_of_draft(invoice: Invoice, *, tenant: Tenant) -> SendingContext:
    """By its first shipment; the shipments of one invoice were drafted together, so all go where it goes."""
    first = invoice.lines.filter(shipment__isnull=False).order_by("position").first()
    if first is None or first.shipment is None:
        return sending_context(tenant)
    return context_of_shipment(first.shipment, tenant=tenant)


def destinations_of(shipments: QuerySet[Shipment]) -> list[Destination]:
    """For the dialog and the shipment's page: where a selection goes, and why. Empty: nothing is connected."""
    routes = Routes()
    if not routes.rules:
        # All of them to the same one, so nobody need know what they are.
        count = shipments.count()
        return [Destination(connection=one, because="", count=count) for one in routes.active[:1] if count]
    counts: dict[Route, int] = defaultdict(int)
    for *facts, count in shipments.order_by().values_list(*FACTS).annotate(count=Count("id")):
        route = routes.choose(*facts)
        if route is not None:
            counts[route] += count
    return [
        Destination(connection=routes.connection(route.connection_id), because=route.because, count=count)
        for route, count in counts.items()
    ]


def going_to(connection: XeroConnection, shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """Those of them that the routing rules lead to this organisation."""
    routes = Routes()
    if not routes.rules:
        return shipments if connection in routes.active[:1] else shipments.none()
    found = ((shipment_id, routes.choose(*facts)) for shipment_id, *facts in shipments.values_list("id", *FACTS))
    return shipments.filter(pk__in=[pk for pk, route in found if route and route.connection_id == connection.pk])


def demo_companies(destinations: Iterable[Destination]) -> list[str]:
    """By name, each once: what goes there is confirmed by a person first (N10)."""
    return sorted({one.connection.name for one in destinations if one.connection.is_demo_company})


def demo_companies_for(shipments: QuerySet[Shipment]) -> list[str]:
    """`demo_companies` of where they go; nothing is counted where it cannot matter."""
    routes = Routes()
    if routes.rules or any(one.is_demo_company for one in routes.active[:1]):
        return demo_companies(destinations_of(shipments))
    return []


def _read_facts(shipment_ids: Sequence[int]) -> Iterable[tuple[int, Facts]]:
    rows = Shipment.objects.filter(pk__in=shipment_ids).values_list("id", *FACTS)
    found: dict[int, Facts] = {shipment_id: facts for shipment_id, *facts in rows}
    return ((shipment_id, found[shipment_id]) for shipment_id in shipment_ids if shipment_id in found)


def _facts(shipment: Shipment) -> Facts:
    return shipment.branch, shipment.currency, shipment.bill_to.code if shipment.bill_to else None, shipment.mode

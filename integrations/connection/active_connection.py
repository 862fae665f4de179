"""The organisations that this tenant's documents go to: one, or several of which one is the default."""

from integrations.mapping.route_document import RouteRule
from integrations.models import RoutingRule, XeroConnection
from integrations.models.xero_connection import ConnectionStatus

NOT_CONNECTED = "No organisation in Xero is connected yet: an admin does it under Settings."


class NotConnectedError(Exception):
    """No organisation is connected; the message is for the person who wanted to send."""


def active_connections() -> list[XeroConnection]:
    """Connected, or lost and waiting to be reconnected; the default first. In the tenant's scope."""
    usable = XeroConnection.objects.exclude(status=ConnectionStatus.DISCONNECTED)
    return list(usable.order_by("-is_default", "id"))


def find_connection() -> XeroConnection | None:
    """The default; None: nothing is connected. In the tenant's scope."""
    return next(iter(active_connections()), None)


def require_connection() -> XeroConnection:
    """Raises NotConnectedError."""
    connection = find_connection()
    if connection is None:
        raise NotConnectedError(NOT_CONNECTED)
    return connection


def load_routes() -> list[RouteRule]:
    """In their order. One that names a disconnected organisation stays: its documents wait for it to come back."""
    return [
        RouteRule(
            connection_id=rule.connection_id,
            branch=rule.branch,
            currency=rule.currency,
            customer=rule.customer,
            mode=rule.mode,
        )
        for rule in RoutingRule.objects.order_by("position", "id")
    ]

"""The organisation that this tenant's documents go to."""

from integrations.models import XeroConnection
from integrations.models.xero_connection import ConnectionStatus


class NotConnectedError(Exception):
    """No organisation is connected; the message is for the person who wanted to send."""


def find_connection() -> XeroConnection | None:
    """Connected, or lost and waiting to be reconnected; None: nothing is. In the tenant's scope."""
    usable = XeroConnection.objects.exclude(status=ConnectionStatus.DISCONNECTED)
    return usable.order_by("status", "id").first()


def require_connection() -> XeroConnection:
    """Raises NotConnectedError."""
    connection = find_connection()
    if connection is None:
        raise NotConnectedError("No organisation in Xero is connected yet: an admin does it under Settings.")
    return connection

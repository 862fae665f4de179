"""What sending and checking need to know of the organisation, read once for any number of shipments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from freightbridge.tenancy.models import Tenant
from integrations.connection.active_connection import NotConnectedError, find_connection
from integrations.mapping.rules import OrganisationRules
from integrations.models import ConnectionSettings, SendBatch, XeroConnection
from integrations.models.connection_settings import CustomerKey
from integrations.models.sync_job import Priority
from integrations.outbox.sender import Sender
from integrations.reference_data.load_rules import load_rules


@dataclass(slots=True)
class SendingContext:
    """`connection` None: nothing is connected, so only the freight side can be checked."""

    tenant: Tenant
    connection: XeroConnection | None
    customer_key: str
    rules: OrganisationRules | None = None

    def load_rules(self, customer_codes: Iterable[str]) -> None:
        """With the contacts of these customers. Before the reference data has come there is nothing to map by."""
        if self.connection is not None and self.connection.reference_data_at is not None:
            self.rules = load_rules(self.connection, customer_codes=customer_codes)

    def sender(self, *, by: str, priority: Priority, batch: SendBatch | None = None) -> Sender:
        """Raises NotConnectedError."""
        if self.connection is None or self.rules is None:
            raise NotConnectedError("No organisation in Xero is connected, or its data has not been read yet.")
        return Sender(
            connection=self.connection,
            rules=self.rules,
            link_base=settings.PUBLIC_BASE_URL,
            by=by,
            priority=priority,
            batch=batch,
        )

    def today(self, now: datetime) -> date:
        """The issue date: the day it is for the organisation, whose books the document goes into."""
        return now.astimezone(self.connection.zone if self.connection else self.tenant.zone).date()


def sending_context(tenant: Tenant) -> SendingContext:
    """In the tenant's scope."""
    connection = find_connection()
    rules = ConnectionSettings.objects.filter(connection=connection).first() if connection else None
    return SendingContext(
        tenant=tenant, connection=connection, customer_key=rules.customer_key if rules else CustomerKey.BILL_TO
    )

"""On whose behalf a document that was handed over is changed: always in the organisation that it went to."""

from django.conf import settings

from integrations.connection.active_connection import NotConnectedError
from integrations.models import XeroConnection, XeroDocument
from integrations.models.sync_job import Priority
from integrations.models.xero_connection import ConnectionStatus
from integrations.outbox.sender import Sender
from integrations.reference_data.load_rules import load_rules
from invoices.models import Invoice


def sender_of_document(document: XeroDocument, invoice: Invoice, *, by: str) -> Sender:
    """A person waits for it. Raises NotConnectedError."""
    connection: XeroConnection = document.connection
    if connection.status == ConnectionStatus.DISCONNECTED:
        raise NotConnectedError(f"It went to {connection.name}, which is not connected any more.")
    return Sender(
        connection=connection,
        rules=load_rules(connection, customer_codes={invoice.customer.code}),
        link_base=settings.PUBLIC_BASE_URL,
        by=by,
        priority=Priority.INTERACTIVE,
    )

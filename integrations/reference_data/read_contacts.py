"""The contacts that changed since they were last read: one call, unless there are thousands."""

from datetime import timedelta

from integrations.connection.read_from_xero import XeroReader
from integrations.lanes.claim_lane import held_scope
from integrations.models import XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.reference_data.record_readers import contact
from integrations.reference_data.store_records import store_records

# Xero counts in whole seconds and its clock is not ours: what changed at the edge is read twice rather than never.
OVERLAP = timedelta(minutes=2)


def read_contacts(reader: XeroReader) -> None:
    """Archived ones too, so that their links can say so. Raises ReadPostponedError, LaneLostError."""
    with held_scope(reader.held) as started_at:
        connection = XeroConnection.objects.get(pk=reader.held.connection_id)
    since = connection.contacts_read_at - OVERLAP if connection.contacts_read_at else None
    elements = list(reader.read_pages("Contacts", modified_since=since, includeArchived="true"))
    with held_scope(reader.held):
        records = (record for element in elements for record in contact(element))
        store_records(connection, ReferenceKind.CONTACT, records)
        XeroConnection.objects.filter(pk=connection.pk).update(contacts_read_at=started_at)

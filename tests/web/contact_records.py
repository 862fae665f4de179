"""Contacts as reference data."""

import uuid

from integrations.models import ReferenceRecord, XeroConnection


def contact(connection: XeroConnection, *, name: str, code: str = "", is_active: bool = True) -> ReferenceRecord:
    """In the tenant's scope. `code`: its account number."""
    return ReferenceRecord.objects.create(
        connection=connection, kind="contact", key=str(uuid.uuid4()), code=code, name=name, is_active=is_active
    )

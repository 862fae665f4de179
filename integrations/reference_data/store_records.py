"""Keeps reference records as Xero last told them."""

from collections.abc import Iterable
from dataclasses import asdict

from integrations.models import ReferenceRecord, XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.reference_data.record_readers import Record

CHANGED = ["code", "name", "is_active", "data"]


def store_records(connection: XeroConnection, kind: ReferenceKind, records: Iterable[Record]) -> set[str]:
    """New ones added, known ones brought up to date. Returns their keys. In the tenant's scope."""
    kept = {record.key: record for record in records}
    ReferenceRecord.objects.bulk_create(
        (ReferenceRecord(connection=connection, kind=kind, **asdict(record)) for record in kept.values()),
        update_conflicts=True,
        unique_fields=["tenant", "connection", "kind", "key"],
        update_fields=CHANGED,
    )
    return set(kept)


def store_whole_list(connection: XeroConnection, kind: ReferenceKind, records: Iterable[Record]) -> None:
    """What Xero no longer lists stays, inactive: rules that name it can then say what is wrong with it."""
    kept = store_records(connection, kind, records)
    gone = ReferenceRecord.objects.filter(connection=connection, kind=kind).exclude(key__in=kept)
    gone.update(is_active=False)

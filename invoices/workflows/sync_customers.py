"""Sync customers from Xero (F3): the contacts are read, and every customer is compared with them."""

import time
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, UUIDField
from django.db.models.functions import Cast

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.connection.connection_work import SYNC_CUSTOMERS
from integrations.connection.read_from_xero import ReadPostponedError, reading_turn
from integrations.job_states import LogResult
from integrations.lanes.claim_lane import LaneLostError
from integrations.mapping.match_customer import MatchKind
from integrations.models import ContactLink, ContactSync, ContactSyncRow, ReferenceRecord, XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.outbox.try_stopped import requeue_mended
from integrations.problem_catalogue.codes import MendPage
from integrations.reference_data.compare_customers import compare_customers
from integrations.reference_data.read_contacts import read_contacts
from invoices.models import Customer

CHUNK = 500
EVERY = timedelta(days=1)
REACHED = ["reached_id", "done_count", "counts"]


def ask_for_sync(connection: XeroConnection, *, by: str, now: datetime) -> ContactSync:
    """In the tenant's scope. One that is under way is not begun again."""
    sync, is_new = ContactSync.objects.get_or_create(
        connection=connection,
        finished_at=None,
        defaults={"asked_by": by, "asked_at": now, "customer_count": Customer.objects.count()},
    )
    if is_new and by:
        record_event(action="customer sync asked for", subject=connection, by=by, now=now)
        enqueue_work(SYNC_CUSTOMERS, [connection.pk], now=now)
    return sync


def sync_customers(work: Work) -> Again | None:
    """Background work on a connection; nothing to do while it is not connected."""
    with tenant_scope(work.tenant_id):
        connection = XeroConnection.objects.get(pk=work.subject_id)
        if not connection.is_usable:
            _end(connection, failure="The organisation is not connected.")
            return None
        sync = ask_for_sync(connection, by="", now=read_clock())
    try:
        _read_contacts_once(sync, work)
    except ReadPostponedError as error:
        if error.retry_at is not None:
            return Again(at=error.retry_at)
        # Until somebody has reconnected, after which everything is read anew.
        syncing_gave_up(work, str(error))
        return None
    except LaneLostError:
        return Again(at=read_clock())
    stop_at = time.monotonic() + STRETCH_SECONDS
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            if not _compare_some(sync, now=read_clock()):
                return Again(at=_finish(sync, connection, now=read_clock()) + EVERY)
    return Again(at=read_clock())


def syncing_gave_up(work: Work, reason: str) -> None:
    with tenant_scope(work.tenant_id):
        _end(XeroConnection.objects.get(pk=work.subject_id), failure=reason)


def _end(connection: XeroConnection, *, failure: str) -> None:
    under_way = ContactSync.objects.filter(connection=connection, finished_at=None)
    under_way.update(finished_at=read_clock(), failure=failure[:300])


def _read_contacts_once(sync: ContactSync, work: Work) -> None:
    if sync.contacts_read_at is not None:
        return
    with reading_turn(tenant_id=work.tenant_id, connection_id=work.subject_id) as reader:
        read_contacts(reader)
    with tenant_scope(work.tenant_id):
        sync.contacts_read_at = read_clock()
        sync.save(update_fields=["contacts_read_at"])


def _compare_some(sync: ContactSync, *, now: datetime) -> bool:
    """False: there are none left."""
    following = Customer.objects.filter(pk__gt=sync.reached_id).order_by("id")
    chunk = list(following.values_list("id", "code", "name")[:CHUNK])
    if chunk:
        compare_customers(sync, {code: name for _, code, name in chunk}, now=now)
        sync.reached_id = chunk[-1][0]
        sync.save(update_fields=REACHED)
    return bool(chunk)


def _finish(sync: ContactSync, connection: XeroConnection, *, now: datetime) -> datetime:
    new = ContactSyncRow.objects.bulk_create(
        ContactSyncRow(
            sync=sync,
            kind=MatchKind.NEW_IN_XERO,
            customer_code=contact.code[:50],
            contact_id=contact.key,
            contact_name=contact.name,
        )
        for contact in _strangers(connection)
    )
    if new:
        sync.counts[MatchKind.NEW_IN_XERO] = len(new)
    sync.finished_at, sync.customer_count = now, sync.done_count
    sync.save(update_fields=["finished_at", "customer_count", "counts"])
    ContactSyncRow.objects.filter(sync__connection=connection).exclude(sync=sync).delete()
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(sync.counts.items())) or "there are none"
    _write_log(connection, f"Customers compared with contacts: {counts}.", sync, now=now)
    if {MatchKind.MATCHED, MatchKind.MERGED} & set(sync.counts):
        requeue_mended(connection, [MendPage.CUSTOMERS], now=now)
    return now


def _write_log(connection: XeroConnection, text: str, sync: ContactSync, *, now: datetime) -> None:
    entry = connection_entry(
        connection, result=LogResult.DONE, event="customers synced", text=text, now=now, actor=sync.asked_by
    )
    write_entries([entry])


def _strangers(connection: XeroConnection) -> list[ReferenceRecord]:
    """Active contacts that are nobody here, neither by link nor by account number."""
    contacts = ReferenceRecord.objects.filter(connection=connection, kind=ReferenceKind.CONTACT, is_active=True)
    linked = ContactLink.objects.filter(connection=connection, contact_id=Cast(OuterRef("key"), UUIDField()))
    numbered = Customer.objects.filter(code=OuterRef("code"))
    return list(contacts.exclude(Exists(linked)).exclude(Exists(numbered)).order_by("name"))

"""Looks into what webhooks told of: one fetch by ids for all documents, one for all contacts."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.tenancy.tenants_clock import tell_moment
from integrations.accounting_log.asked_call import AskedCall
from integrations.accounting_log.write_entry import counted, quiet_entry, write_entries
from integrations.connection.connection_work import ASSESS_SHIPMENTS, CHECK_PAYMENTS
from integrations.connection.log_failed_reading import log_failed_reading
from integrations.connection.read_from_xero import ReadPostponedError, reading_turn
from integrations.job_states import Direction
from integrations.lanes.claim_lane import LaneLostError, held_scope
from integrations.models import (
    AccountingLogEntry,
    ContactLink,
    ReferenceRecord,
    WebhookEvent,
    XeroConnection,
    XeroDocument,
)
from integrations.models.reference_record import ReferenceKind
from integrations.payments.fetch_settlements import DOCUMENTS_IN_A_TURN, fetch_settlements
from integrations.payments.record_changes import record_changes
from integrations.reference_data.read_contacts import read_contacts
from integrations.webhooks.event_message import Category

PROCESS_EVENTS = "process webhook events"
# Xero repeats for 31 days what it could not deliver (unconfirmed).
KEPT_FOR = timedelta(days=32)
DOCUMENTS = {Category.INVOICE, Category.CREDIT_NOTE}
WORDS: dict[str, str] = {
    Category.INVOICE: "invoice", Category.CREDIT_NOTE: "credit note", Category.CONTACT: "contact",
    Category.PREPAYMENT: "prepayment", Category.OVERPAYMENT: "overpayment",
}  # fmt: skip
# They name neither the invoice nor the credit note that they settle.
HINTS = {Category.PREPAYMENT, Category.OVERPAYMENT}


def process_events(work: Work) -> Again | None:
    """
    Background work on a connection. What was fetched and the events that asked for it are written in one transaction.

    While it is not connected they stay, and checking payments after reconnecting learns the same.
    """
    with tenant_scope(work.tenant_id):
        connection = XeroConnection.objects.get(pk=work.subject_id)
        events = list(_waiting(connection).order_by("received_at", "id")[:DOCUMENTS_IN_A_TURN])
        documents = _documents(connection, events)
    try:
        _look_into(connection, events, documents)
    except ReadPostponedError as error:
        log_failed_reading(
            error,
            work,
            event="webhook not read",
            direction=Direction.WEBHOOK,
            what="What Xero told of was not looked into",
            documents=[document.pk for document in documents],
        )
        return Again(at=error.retry_at) if error.retry_at else None
    except LaneLostError:
        return Again(at=read_clock())
    with tenant_scope(work.tenant_id):
        return Again(at=read_clock()) if _waiting(connection).exists() else None


def processing_gave_up(work: Work, reason: str) -> None:
    """Nothing is lost: the next event tries again, and checking payments learns the same."""
    del work, reason


def _waiting(connection: XeroConnection) -> QuerySet[WebhookEvent]:
    return WebhookEvent.objects.filter(organisation_id=connection.organisation_id, settled_at=None)


def _documents(connection: XeroConnection, events: Iterable[WebhookEvent]) -> list[XeroDocument]:
    """Those of ours; nothing is asked about others."""
    ids = {event.resource_id for event in events if event.category in DOCUMENTS}
    return list(XeroDocument.objects.filter(connection=connection, xero_id__in=ids).order_by("pk"))


def _look_into(connection: XeroConnection, events: list[WebhookEvent], documents: list[XeroDocument]) -> None:
    """Raises ReadPostponedError, LaneLostError."""
    contacts = {str(event.resource_id) for event in events if event.category == Category.CONTACT}
    if not documents and not contacts:
        with tenant_scope(connection.tenant_id):
            now = read_clock()
            if events:
                write_entries([_quiet(connection, events, "none came from here, so nothing was asked", [], now=now)])
            _settle(connection, events, now=now)
        return
    with reading_turn(tenant_id=connection.tenant_id, connection_id=connection.pk) as reader:
        settlements = list(fetch_settlements(reader, documents))
        with held_scope(reader.held):
            archived = _archived(connection, contacts)
        if contacts:
            read_contacts(reader)
        with held_scope(reader.held) as now:
            have_moved = _archived(connection, contacts) != archived
            quiet = None if have_moved else _quiet(connection, events, "nothing new", reader.calls, now=now)
            record_changes(connection.pk, settlements, now=now, direction=Direction.WEBHOOK, otherwise=quiet)
            if have_moved:
                enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)
            _settle(connection, events, now=now)


def _quiet(
    connection: XeroConnection, events: list[WebhookEvent], outcome: str, calls: list[AskedCall], *, now: datetime
) -> AccountingLogEntry:
    """What the log says of events after which nothing is different here."""
    counts = Counter(event.category for event in events)
    told = ", ".join(counted(count, WORDS.get(category, "other thing")) for category, count in sorted(counts.items()))
    since = min(event.received_at for event in events)
    text = f"Xero told of {told} since {tell_moment(since, connection.tenant)}: {outcome}."
    return quiet_entry(connection.pk, direction=Direction.WEBHOOK, text=text, calls=calls, now=now)


def _settle(connection: XeroConnection, events: list[WebhookEvent], *, now: datetime) -> None:
    WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).update(settled_at=now)
    old = WebhookEvent.objects.filter(organisation_id=connection.organisation_id, received_at__lt=now - KEPT_FOR)
    old.delete()
    if any(event.category in HINTS for event in events):
        enqueue_work(CHECK_PAYMENTS, [connection.pk], now=now)


def _archived(connection: XeroConnection, contact_ids: set[str]) -> set[str]:
    """Those of linked customers, to whom nothing can be sent: all that shipments depend upon."""
    links = ContactLink.objects.filter(connection=connection, contact_id__in=contact_ids)
    keys = [str(link.contact_id) for link in links]
    contacts = ReferenceRecord.objects.filter(connection=connection, kind=ReferenceKind.CONTACT, key__in=keys)
    return set(contacts.filter(is_active=False).values_list("key", flat=True))

"""What others entered in Xero becomes freight: accepted quotes and chosen sales invoices bookings (F81), purchase
orders expected inbound shipments (F82). News follows where nobody has changed the same thing here.
"""

import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Q

from freightbridge.audit.record_event import SYSTEM, record_event
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.read_from_xero import ReadPostponedError, reading_turn
from integrations.found_documents.read_found import read_found, wanted_lists
from integrations.lanes.claim_lane import LaneLostError
from integrations.models import ConnectionSettings, ContactLink, FoundDocument, ReferenceRecord, XeroConnection
from integrations.models.found_document import FoundKind, FoundState
from integrations.models.reference_record import ReferenceKind
from invoices.models import Customer, Shipment
from invoices.models.shipment import JobType
from invoices.workflows.follow_news import follow_news
from invoices.workflows.save_shipment import save_shipment

CHUNK = 50


def import_from_xero(work: Work) -> Again | None:
    """Background work on a connection; nothing to do where nothing is wanted, or it is not connected."""
    with tenant_scope(work.tenant_id):
        connection = XeroConnection.objects.get(pk=work.subject_id)
        rules = ConnectionSettings.objects.get(connection=connection)
        if not connection.is_usable or not wanted_lists(rules):
            return None
    try:
        if not work.cursor:
            with reading_turn(tenant_id=work.tenant_id, connection_id=work.subject_id) as reader:
                read_found(reader)
    except ReadPostponedError as error:
        return Again(at=error.retry_at) if error.retry_at else None
    except LaneLostError:
        return Again(at=read_clock())
    stop_at, last_id = time.monotonic() + STRETCH_SECONDS, work.cursor
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            last_id = import_some(connection, tenant=Tenant.objects.get(pk=work.tenant_id), after=last_id)
        if not last_id:
            return Again(at=read_clock() + timedelta(minutes=rules.check_payments_minutes))
    return Again(at=read_clock(), cursor=last_id)


def importing_from_xero_gave_up(work: Work, reason: str) -> None:
    """What was read stays listed, and is looked at with the next news."""
    del work, reason


def import_some(connection: XeroConnection, *, tenant: Tenant, after: int) -> int:
    """In the tenant's scope. What waits is tried again each time. The id to go on behind; 0: none is left."""
    news = FoundDocument.objects.filter(Q(is_pending=True) | Q(state=FoundState.WAITING), connection=connection)
    chunk = list(news.filter(pk__gt=after).select_related("shipment").order_by("id")[:CHUNK])
    for found in chunk:
        if found.shipment is not None:
            follow_news(found, found.shipment, tenant=tenant, now=read_clock())
        elif found.kind != FoundKind.SALES_INVOICE and found.state != FoundState.IMPORTED:
            import_one(found, tenant=tenant, by=SYSTEM, now=read_clock())
        _looked_at(found)
    return chunk[-1].pk if len(chunk) == CHUNK else 0


def import_one(found: FoundDocument, *, tenant: Tenant, by: str, now: datetime) -> Shipment | None:
    """None: it waits, and its note says for what. In the tenant's scope."""
    customer = _customer(found)
    found.note = _obstacle(found, customer)
    if found.note:
        found.state = FoundState.WAITING
        found.save(update_fields=["state", "note"])
        return None
    is_order = found.kind == FoundKind.PURCHASE_ORDER
    shipment = Shipment(
        number=found.number[:60],
        job_type=JobType.WAREHOUSE if is_order else JobType.BOOKING,
        bill_to=None if is_order else customer,
        shipper_name=found.contact_name[:255] if is_order else "",
        references={"po": [found.number]} if is_order else {},
    )
    save_shipment(shipment, charges=[], removed=[], changes=[], tenant=tenant, by=by, now=now)
    found.shipment, found.state, found.is_pending = shipment, FoundState.IMPORTED, False
    found.save(update_fields=["shipment", "state", "is_pending", "note"])
    follow_news(found, shipment, tenant=tenant, now=now)
    record_event(action="imported from Xero", subject=shipment, by=by, now=now, kind=found.kind, number=found.number)
    return shipment


def _looked_at(found: FoundDocument) -> None:
    FoundDocument.objects.filter(pk=found.pk).update(is_pending=False)


def _customer(found: FoundDocument) -> Customer | None:
    """By the contact's link, else by its account number; never by its name (F24)."""
    if found.contact_id is None:
        return None
    links = ContactLink.objects.filter(connection=found.connection_id, contact_id=found.contact_id)
    codes = list(links.values_list("customer_code", flat=True))
    if not codes:
        contacts = ReferenceRecord.objects.filter(
            connection=found.connection_id, kind=ReferenceKind.CONTACT, key=str(found.contact_id)
        )
        codes = [code for code in contacts.values_list("code", flat=True) if code]
    several = list(Customer.objects.filter(code__in=codes)[:2])
    with suppress(ValueError):
        (only,) = several
        return only
    return None


def _obstacle(found: FoundDocument, customer: Customer | None) -> str:
    if not found.number:
        return "It has no number in Xero, so no shipment can be named by it."
    if Shipment.objects.filter(number=found.number[:60]).exists():
        return f"There is a shipment {found.number} already. Rename one of the two."
    if customer is None and found.kind != FoundKind.PURCHASE_ORDER:
        return f"{found.contact_name} is matched with no customer, or with several. Sync customers, and match it."
    return ""

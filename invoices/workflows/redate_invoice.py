"""
A document whose date lies in locked books gets the first date that is open, if a person wants that (N14).

Only while Xero has not taken it: the new source takes the old one's place under the same identity.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.mapping.source import ExportableDocument, from_json
from integrations.models import SyncJob, XeroConnection, XeroDocument
from integrations.outbox.requeue_job import STOPPED
from integrations.reference_data.load_rules import lock_date_of
from invoices.models import Invoice
from invoices.work_names import RENDER_PDF
from invoices.workflows.allowed_changes import Delivery, delivery_of, lock_delivery, require
from invoices.workflows.hand_over_to_accounting import hand_over_change
from invoices.workflows.sender_of_document import sender_of_document

LOCKED = "FB-403"
NOT_STOPPED = "Its date is not what stops it."


def open_date_for(invoice: Invoice, *, now: datetime) -> date | None:
    """The first date that the books would take; None where its date is not what stops it. In the tenant's scope."""
    create = _stopped_create(delivery_of(invoice))
    return _open_date(create.connection, now=now) if create is not None else None


def redate_invoice(invoice: Invoice, *, by: str, now: datetime) -> date:
    """`invoice` with its customer. In the tenant's scope. Raises ChangeRefusedError, NotConnectedError."""
    create = _stopped_create(lock_delivery(invoice))
    if create is None:
        require(NOT_STOPPED)
        raise AssertionError
    document = XeroDocument.objects.select_related("connection").get(invoice=invoice)
    before, opened = invoice.issue_date, _open_date(document.connection, now=now)
    invoice.issue_date = opened
    invoice.due_date = opened + (invoice.due_date - before) if invoice.due_date else None
    invoice.save(update_fields=["issue_date", "due_date"])
    source = replace(
        from_json(ExportableDocument, create.source), issue_date=opened, due_date=invoice.due_date or opened
    )
    sender = sender_of_document(document, invoice, by=by)
    hand_over_change(document, source, sender=sender, now=now)
    if sender.rules.attaches_pdf and not invoice.is_purchase:
        enqueue_work(RENDER_PDF, [invoice.pk], now=now)
    told = {"before": f"{before}", "after": f"{opened}"}
    record_event(action="dated after the lock date", subject=invoice, by=by, now=now, date=told)
    return opened


def _stopped_create(delivery: Delivery) -> SyncJob | None:
    create = delivery.create
    is_locked = create is not None and create.state in STOPPED and create.problem_code == LOCKED
    return create if is_locked and not delivery.is_voided else None


def _open_date(connection: XeroConnection, *, now: datetime) -> date:
    """Today for the organisation, or the day after its books are locked."""
    today, locked = now.astimezone(connection.zone).date(), lock_date_of(connection)
    return max(today, locked + timedelta(days=1)) if locked else today

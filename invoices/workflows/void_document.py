"""An admin wants an invoice out of the books: voided in Xero, or taken back to be changed and approved anew (F66)."""

from datetime import datetime

from freightbridge.audit.record_event import record_event
from integrations.models import XeroDocument
from integrations.outbox.cancel_jobs import cancel_changes
from invoices.models import Invoice
from invoices.workflows.allowed_changes import lock_delivery, require, require_words, why_not_void
from invoices.workflows.hand_over_to_accounting import hand_over_void
from invoices.workflows.sender_of_document import sender_of_document


def void_document(invoice: Invoice, *, reason: str, by: str, now: datetime, takes_back: bool = False) -> None:
    """
    In the tenant's scope. Xero is asked first whether money stands on it; once it is voided there a worker makes the
    invoice follow. A change that was stopped is given up. Raises ChangeRefusedError, NotConnectedError.
    """
    require_words(reason)
    require(why_not_void(lock_delivery(invoice)))
    document = XeroDocument.objects.select_related("connection").get(invoice=invoice)
    sender = sender_of_document(document, invoice, by=by)
    cancel_changes([document], reason=reason, by=by, now=now)
    document.refresh_from_db()
    hand_over_void(document, sender=sender, takes_back=takes_back, reason=reason, now=now)
    action = "asked to take it back" if takes_back else "asked to void it"
    record_event(action=action, subject=invoice, by=by, now=now, reason=reason)

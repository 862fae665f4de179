"""
What changed here since an invoice was sent goes to Xero: same invoice, same number, new lines and PDF (F27).

Only ever by a person's click, and under the id that Xero gave, so nobody else's document is touched.
"""

from datetime import datetime

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.tenancy.models import Tenant
from integrations.models import XeroDocument
from integrations.outbox.cancel_jobs import cancel_changes
from invoices.domain.current_content import current_content, unbilled_charges, write_content
from invoices.models import Invoice
from invoices.work_names import RENDER_PDF
from invoices.workflows.allowed_changes import lock_delivery, require, why_not_update
from invoices.workflows.assess_shipments import assess_shipments
from invoices.workflows.compare_with_sent import compare_with_sent, exportable_of_content, sent_source
from invoices.workflows.hand_over_to_accounting import hand_over_change
from invoices.workflows.sender_of_document import sender_of_document
from invoices.workflows.tax_of_invoice import tax_choice_of


def send_change(invoice: Invoice, *, takes_new_charges: bool, tenant: Tenant, by: str, now: datetime) -> None:
    """
    `invoice` with its customer and billing entity. `takes_new_charges`: those of its shipments that stand on no
    invoice go onto it. In the tenant's scope. Raises ChangeRefusedError, AlreadyBilledError, NotConnectedError.
    """
    require(why_not_update(lock_delivery(invoice)))
    document = XeroDocument.objects.select_related("connection").get(invoice=invoice)
    added = unbilled_charges(invoice) if takes_new_charges else []
    content = current_content(invoice, tax_of=tax_choice_of(invoice), added=added)
    comparison = compare_with_sent(invoice, document)
    require(content.obstacle)
    require("" if added or comparison.has_changes else "Nothing changed here since it was sent.")
    sender = sender_of_document(document, invoice, by=by)
    source = exportable_of_content(invoice, content, sent=sent_source(document))
    before = invoice.total
    write_content(invoice, content)
    cancel_changes([document], reason="A newer change takes its place.", by=by, now=now)
    document.refresh_from_db()
    hand_over_change(document, source, sender=sender, now=now)
    if sender.rules.attaches_pdf:
        enqueue_work(RENDER_PDF, [invoice.pk], now=now)
    assess_shipments(sorted({charge.shipment_id for charge in added}), tenant=tenant, now=now)
    record_event(
        action="change sent",
        subject=invoice,
        by=by,
        now=now,
        total={"before": f"{before}", "after": f"{invoice.total}"},
    )

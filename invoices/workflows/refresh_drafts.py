"""A draft follows its charges by itself: nothing of it has been sent, and whoever approves it sees what it says."""

from collections.abc import Collection

from invoices.domain.current_content import current_content, write_content
from invoices.models import Invoice, InvoiceLine
from invoices.models.invoice import InvoiceStatus
from invoices.workflows.tax_of_invoice import tax_choice_of


def refresh_drafts(shipment_ids: Collection[int]) -> None:
    """
    After charges of these shipments were changed, in the same transaction. One of which something is missing stays as
    it is, and is not approved so.
    """
    for draft in _invoices_on(shipment_ids, InvoiceStatus.DRAFT):
        content = current_content(draft, tax_of=tax_choice_of(draft))
        if content.differs and not content.obstacle:
            write_content(draft, content)


def outdated_invoices(shipment_ids: Collection[int]) -> list[Invoice]:
    """Approved ones that say something else than their charges do now; people send the change, or do not."""
    approved = _invoices_on(shipment_ids, InvoiceStatus.APPROVED)
    return [one for one in approved if current_content(one, tax_of=tax_choice_of(one)).differs]


def _invoices_on(shipment_ids: Collection[int], status: InvoiceStatus) -> list[Invoice]:
    lines = InvoiceLine.objects.filter(shipment__in=shipment_ids)
    rows = Invoice.objects.filter(pk__in=lines.values("invoice_id"), status=status)
    return list(rows.select_related("billing_entity").order_by("id"))

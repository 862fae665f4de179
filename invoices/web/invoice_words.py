"""The states and kinds of an invoice in the words that people see."""

from freightbridge.ui.pill import Pill
from invoices.models.invoice import InvoiceKind, InvoiceStatus

STATUSES = {
    InvoiceStatus.DRAFT: Pill(label="Draft", colour="secondary", icon="pencil"),
    InvoiceStatus.APPROVED: Pill(label="Approved", colour="azure", icon="check"),
    InvoiceStatus.VOIDED: Pill(label="Voided", colour="dark", icon="x-circle"),
}


def kind_word(kind: str) -> str:
    """Beside a number; empty for a sales invoice, which people expect."""
    return "" if kind == InvoiceKind.SALES_INVOICE else str(InvoiceKind(kind).label)

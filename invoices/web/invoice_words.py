"""The states of an invoice in the words that people see."""

from freightbridge.ui.pill import Pill
from invoices.models.invoice import InvoiceStatus

STATUSES = {
    InvoiceStatus.DRAFT: Pill(label="Draft", colour="secondary", icon="pencil"),
    InvoiceStatus.APPROVED: Pill(label="Approved", colour="azure", icon="check"),
    InvoiceStatus.VOIDED: Pill(label="Voided", colour="dark", icon="x-circle"),
}

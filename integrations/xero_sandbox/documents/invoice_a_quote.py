"""The reading under which a quote that is set to INVOICED brings forth its invoice (unconfirmed)."""

from uuid import uuid4

from integrations.xero_sandbox.books.document_records import Invoice, Quote
from integrations.xero_sandbox.documents.desk_context import DeskContext
from integrations.xero_sandbox.documents.document_family import INVOICES
from integrations.xero_sandbox.documents.document_header import next_number
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond


def invoice_quote(quote: Quote, *, context: DeskContext) -> Invoice:
    """A draft sales invoice over the same lines."""
    moment = whole_millisecond(context.now)
    invoice = Invoice(
        organisation_id=quote.organisation_id,
        document_id=str(uuid4()),
        number=next_number("ACCREC", INVOICES, context),
        contact_id=quote.contact_id,
        document_date=context.today,
        status="DRAFT",
        line_amount_types=quote.line_amount_types,
        lines=quote.lines,
        currency_code=quote.currency_code,
        currency_rate=quote.currency_rate,
        sub_total=quote.sub_total,
        total_tax=quote.total_tax,
        total=quote.total,
        total_discount=quote.total_discount,
        reference=quote.number,
        branding_theme_id=quote.branding_theme_id,
        created_at=moment,
        updated_at=moment,
        created_by="",
        type="ACCREC",
    )
    context.books.store.save(invoice)
    return invoice

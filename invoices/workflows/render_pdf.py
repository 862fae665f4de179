"""Background work: an invoice's PDF is rendered, stored, and given to its sync job."""

from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.lock_lanes import lock_lanes_of
from integrations.mapping.fingerprint import fingerprint
from integrations.outbox.provide_pdf import provide_pdf, report_missing_pdf
from invoices.pdf.printed_invoice import TooLongForPdfError, printable_invoices, printed_invoice
from invoices.pdf.renderer import render_invoice

PDF = "application/pdf"


def render_pdf(work: Work) -> Again | None:
    """Rendered outside any transaction; what was rendered before from the same content is not made again."""
    try:
        with tenant_scope(work.tenant_id):
            invoice = printable_invoices().get(pk=work.subject_id)
            view = printed_invoice(invoice)
    except TooLongForPdfError as error:
        rendering_gave_up(work, str(error))
        return None
    printed = fingerprint(view)
    content = b"" if invoice.pdf_fingerprint == printed else render_invoice(view)
    with tenant_scope(work.tenant_id):
        now = read_clock()
        lock_lanes_of([work.subject_id])
        invoices = printable_invoices().filter(pk=work.subject_id)
        # Locked, so that nobody changes it between the look and the document's getting its PDF; looked at afterwards,
        # since whoever had it locked may have changed what is printed with it.
        invoices.select_related(None).select_for_update(no_key=True).values_list("pk").get()
        invoice = invoices.get()
        if printed_invoice(invoice) != view:
            return Again(at=now)
        if content:
            invoice.pdf = store_file(content, content_type=PDF, now=now)
            invoice.pdf_fingerprint = printed
            invoice.save(update_fields=["pdf", "pdf_fingerprint"])
        if invoice.pdf_id is not None:
            provide_pdf(invoice_id=invoice.pk, stored_file_id=invoice.pdf_id, now=now)
    return None


def rendering_gave_up(work: Work, reason: str) -> None:
    with tenant_scope(work.tenant_id):
        report_missing_pdf(invoice_id=work.subject_id, reason=reason, now=read_clock())

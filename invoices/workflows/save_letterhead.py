"""Saves what stands on a billing entity's documents: who it is, its bank, its terms, its paper, its logo."""

from collections.abc import Iterable
from datetime import datetime

from freightbridge.audit.change import Change, details_of
from freightbridge.audit.record_event import record_event
from freightbridge.stored_files.forget_file import forget_file
from freightbridge.stored_files.store_file import store_file
from invoices.models import BillingEntity, Invoice
from invoices.models.invoice import InvoiceStatus
from invoices.pdf.clean_logo import Logo


def save_letterhead(entity: BillingEntity, *, changes: Iterable[Change], by: str, now: datetime) -> None:
    """In the tenant's scope."""
    told = details_of(changes)
    if not told:
        return
    entity.save()
    _renew_drafts(entity)
    record_event(action="letterhead changed", subject=entity, by=by, now=now, **told)


def change_logo(entity: BillingEntity, logo: Logo | None, *, by: str, now: datetime) -> None:
    """In the tenant's scope; None takes it away. The bytes of the one before go too."""
    before, old = _words(entity), entity.logo
    entity.logo = store_file(logo.content, content_type=logo.content_type, now=now) if logo else None
    entity.save(update_fields=["logo"])
    if old is not None and old != entity.logo:
        forget_file(old)
    _renew_drafts(entity)
    told = details_of([Change("Logo", before, _words(entity))])
    record_event(action="logo changed" if logo else "logo removed", subject=entity, by=by, now=now, **told)


def _renew_drafts(entity: BillingEntity) -> None:
    """A draft's PDF is made again when somebody looks at it. What is approved stays as it was sent."""
    drafts = Invoice.objects.filter(billing_entity=entity, status=InvoiceStatus.DRAFT, pdf__isnull=False)
    drafts.update(pdf=None, pdf_fingerprint="")


def _words(entity: BillingEntity) -> str:
    return str(entity.logo or "")

"""Settings → Organisations → a billing entity: what stands on its invoices, quotes and credit notes."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.page_address import redirect_to_page
from invoices.models import BillingEntity
from invoices.pdf.clean_logo import LARGEST_FILE, MEGABYTE, LogoRefusedError, clean_logo
from invoices.pdf.printed_invoice import paper_of
from invoices.workflows.save_letterhead import change_logo, save_letterhead

RECENT = 10
TOO_LARGE = f"Up to {LARGEST_FILE // MEGABYTE} MB can be uploaded."


class LetterheadForm(forms.ModelForm):
    bank_details = forms.CharField(
        max_length=1000, required=False, label="How to pay", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Bank and account, a line each. It stands on invoices.",
    )  # fmt: skip
    invoice_terms = forms.CharField(
        max_length=20_000, required=False, label="Terms", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="They stand on invoices and quotes.",
    )  # fmt: skip

    class Meta:
        model = BillingEntity
        fields = [
            "name", "tax_number", "street", "city", "region", "postal_code", "country", "email", "phone", "paper_size",
            "payment_terms_days", "bank_details", "invoice_terms",
        ]  # fmt: skip
        labels = {"paper_size": "Paper", "payment_terms_days": "Payment terms in days"}
        help_texts = {
            "tax_number": "With it, an invoice is called a tax invoice where the country asks so.",
            "country": "Two letters, or the name.",
            "payment_terms_days": "From invoice date to due date, for customers without terms of their own.",
        }
        widgets = {"street": forms.Textarea(attrs={"rows": 2})}


@requires(Permission.VIEW_SETTINGS)
def letterhead(request: TenantRequest, public_id: UUID) -> HttpResponse:
    return _shown(request, _find(public_id), None)


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def letterhead_save(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = _find(public_id)
    form = LetterheadForm(request.POST, instance=found)
    if not form.is_valid():
        return _shown(request, _find(public_id), form)
    save_letterhead(found, changes=form_changes(form), by=request.user.email, now=read_clock())
    messages.success(request, f"The letterhead of {found.name} is saved. {_stands()}")
    return redirect_to_page(request, "letterhead", public_id)


@requires(Permission.VIEW_SETTINGS)
def letterhead_logo(_request: TenantRequest, public_id: UUID) -> HttpResponse:
    logo = _find(public_id).logo
    if logo is None:
        raise Http404("It has no logo.")
    return HttpResponse(bytes(logo.content), content_type=logo.content_type)


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def logo_upload(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found, file = _find(public_id), request.FILES.get("logo")
    if file is None or (file.size or 0) > LARGEST_FILE:
        messages.error(request, "Choose a picture first." if file is None else f"{file.name}: {TOO_LARGE}")
        return redirect_to_page(request, "letterhead", public_id)
    try:
        change_logo(found, clean_logo(file.read()), by=request.user.email, now=read_clock())
    except LogoRefusedError as error:
        messages.error(request, f"{file.name}: {error}")
    else:
        messages.success(request, f"The logo of {found.name} is saved. {_stands()}")
    return redirect_to_page(request, "letterhead", public_id)


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def logo_remove(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = _find(public_id)
    if found.logo is not None:
        change_logo(found, None, by=request.user.email, now=read_clock())
        messages.success(request, f"The logo of {found.name} is removed. {_stands()}")
    return redirect_to_page(request, "letterhead", public_id)


def _shown(request: TenantRequest, entity: BillingEntity, form: LetterheadForm | None) -> HttpResponse:
    events = AuditEvent.objects.filter(subject_id=entity.public_id).order_by("-at", "-id")[:RECENT]
    shown = form or LetterheadForm(instance=entity)
    if not request.membership.has_permission(Permission.MANAGE_SENDING_RULES):
        for field in shown.fields.values():
            field.disabled = True
    context: dict[str, Any] = {"entity": entity, "form": shown, "paper": paper_of(entity), "events": events}
    return render(request, "invoices/letterhead.html", context)


def _find(public_id: UUID) -> BillingEntity:
    """Raises Http404, for another company's too."""
    return get_object_or_404(BillingEntity.objects.select_related("logo"), public_id=public_id)


def _stands() -> str:
    return "It stands on what is approved from now on; what was approved before stays as it was sent."

"""Crediting an invoice, whole or line by line; and invoicing an accepted quote."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.connection.active_connection import NotConnectedError
from invoices.domain.crediting import CannotCreditError, LineLeft, lines_left
from invoices.domain.numbering import NoNumberSeriesError
from invoices.models import Invoice
from invoices.web.invoice_pages import find_invoice
from invoices.workflows.credit_invoice import credit_invoice, why_not_credit
from invoices.workflows.invoice_quote import CannotInvoiceError, invoice_quote

ALL = "all"


class CreditForm(forms.Form):
    """`left`: the lines of the invoice, each with two fields of its own."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    whole = forms.ChoiceField(
        label="What is credited",
        choices=[(ALL, "All that is left"), ("part", "Some lines, or a part of them")],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    reason = forms.CharField(label="Why is it credited?", max_length=200)
    number = forms.CharField(label="Number of the supplier's credit note", max_length=100)

    def __init__(self, data: Any, *, invoice: Invoice, left: list[LineLeft]) -> None:
        super().__init__(data, initial={"form_token": uuid4(), "whole": ALL})
        self.left = [one for one in left if one.is_open]
        if not invoice.is_purchase:
            del self.fields["number"]
        for one in self.left:
            for name in ("quantity", "amount"):
                label = f"{name.capitalize()} to credit of line {one.line.position}"
                field = forms.DecimalField(required=False, label=label, max_digits=16, decimal_places=4)
                field.widget.attrs |= {"class": "form-control", "aria-label": label}
                self.fields[f"{name}-{one.line.pk}"] = field

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"left": one, "quantity": self[f"quantity-{one.line.pk}"], "amount": self[f"amount-{one.line.pk}"]}
            for one in self.left
        ]

    def parts(self) -> dict[int, tuple[Decimal | None, Decimal | None]] | None:
        """None: all that is left."""
        if self.cleaned_data["whole"] == ALL:
            return None
        cleaned = self.cleaned_data
        keys = [one.line.pk for one in self.left]
        return {pk: (cleaned[f"quantity-{pk}"], cleaned[f"amount-{pk}"]) for pk in keys}


@requires(Permission.SEND_TO_ACCOUNTING)
def invoice_credit(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = find_invoice(public_id)
    left = lines_left(found)
    form = CreditForm(request.POST if request.method == "POST" else None, invoice=found, left=left)
    if form.is_valid():
        note = _credit(request, found, form)
        if note is not None:
            messages.success(request, f"{note.number} is on its way to Xero and is set against {found.number} there.")
            return redirect_to_page(request, "invoice", note.public_id)
    context = {"invoice": found, "form": form, "refusal": why_not_credit(found, left)}
    return render(request, "invoices/invoice_credit.html", context)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def quote_invoice(request: TenantRequest, public_id: UUID) -> HttpResponse:
    quote = find_invoice(public_id)
    try:
        raised = invoice_quote(quote, tenant=request.tenant, by=request.user.email, now=read_clock())
    except (CannotInvoiceError, NotConnectedError, NoNumberSeriesError) as error:
        messages.error(request, str(error))
        return redirect_to_page(request, "invoice", public_id)
    messages.success(request, f"{raised.number} is raised from {quote.number} and queued.")
    return redirect_to_page(request, "invoice", raised.public_id)


def _credit(request: TenantRequest, invoice: Invoice, form: CreditForm) -> Invoice | None:
    """None: the form says why not."""
    try:
        return credit_invoice(
            invoice,
            parts=form.parts(),
            reason=form.cleaned_data["reason"],
            number=form.cleaned_data.get("number", ""),
            form_token=form.cleaned_data["form_token"],
            tenant=request.tenant,
            by=request.user.email,
            now=read_clock(),
        )
    except (CannotCreditError, NotConnectedError, NoNumberSeriesError) as error:
        form.add_error(None, str(error))
        return None

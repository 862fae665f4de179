"""Already in Xero: what stands there from before, or from a file, is found and taken over; nothing is sent (N22)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import Tab
from integrations.connection.active_connection import NotConnectedError
from integrations.models import AdoptionMatch, AdoptionSearch
from integrations.models.adoption import AdoptionBand
from integrations.web.connection_strip import connection_of
from integrations.web.xero_links import document_link
from invoices.workflows.adopt_matches import NotAdoptableError, want_adoption
from invoices.workflows.look_for_adoptions import ask_for_adoptions

NEWEST = Order(("number",))
IN_ORDER = Order(("id",), falls=False)


class AdoptionForm(forms.Form):
    ours = forms.CharField(label="Shipment or invoice here", required=False, max_length=100)
    theirs = forms.CharField(label="Its number, link or id in Xero", required=False, max_length=300)
    from_date = forms.DateField(
        label="Or all dated from", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Dated from: that is no date."},
    )  # fmt: skip
    to_date = forms.DateField(
        label="Dated to", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Dated to: that is no date."},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("from_date"), cleaned.get("to_date")
        if start and end and start > end:
            self.add_error("to_date", "Dated to lies before dated from.")
        if bool(cleaned.get("ours")) != bool(cleaned.get("theirs")):
            self.add_error("theirs", "To look up one, say both: which it is here, and its number or link in Xero.")
        return cleaned


@requires(Permission.VIEW_FREIGHT)
def adoptions(request: TenantRequest) -> HttpResponse:
    return _searches(request, AdoptionForm(initial={"ours": request.GET.get("ours", "")}))


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def adoption_search(request: TenantRequest) -> HttpResponse:
    form = AdoptionForm(request.POST)
    if not form.is_valid():
        return _searches(request, form)
    try:
        search = ask_for_adoptions(**form.cleaned_data, by=request.user.email, now=read_clock())
    except NotConnectedError as error:
        messages.error(request, str(error))
        return redirect_to_page(request, "adoptions")
    return redirect_to_page(request, "adoption", search.number)


@requires(Permission.VIEW_FREIGHT)
def adoption(request: TenantRequest, number: int) -> HttpResponse:
    """What was found, band by band, side by side with ours."""
    search = get_object_or_404(AdoptionSearch, number=number)
    counts = search.matches.aggregate(
        **{band.name.lower(): Count("pk", filter=Q(band=band)) for band in AdoptionBand},
        adopted=Count("pk", filter=Q(adopted_at__isnull=False, released_at=None)),
        waiting=Count("pk", filter=Q(adopted_at=None, wanted_at__isnull=False)),
        exact_open=Count("pk", filter=Q(band=AdoptionBand.EXACT, adopted_at=None, wanted_at=None)),
    )
    first = next((band for band in AdoptionBand if counts[band.name.lower()]), AdoptionBand.EXACT)
    band = request.GET.get("band", "")
    band = band if band in AdoptionBand.values else first
    page = keyset_page(
        search.matches.filter(band=band).select_related("invoice", "shipment"),
        order=IN_ORDER,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    is_moving = search.found_at is None or counts["waiting"] > 0
    context: dict[str, Any] = {
        "search": search,
        "counts": counts,
        "band": band,
        "tabs": _tabs(band, counts),
        "page": page,
        "rows": [(match, _xero_address(request, match)) for match in page.rows],
        "query": f"band={band}&",
        "here": request.GET.urlencode(),
        "is_moving": is_moving,
    }
    return render_page(request, "invoices/adoption.html", context, part="live", is_settled=not is_moving)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def adoption_take(request: TenantRequest, number: int) -> HttpResponse:
    """All that are exact, or those that are ticked."""
    search = get_object_or_404(AdoptionSearch, number=number)
    chosen = Q(band=AdoptionBand.EXACT) if request.POST.get("all_exact") else Q(public_id__in=_ticked(request))
    reason = request.POST.get("reason", "").strip()[:200]
    try:
        matches = AdoptionMatch.objects.filter(chosen)
        count = want_adoption(matches, search, reason=reason, by=request.user.email, now=read_clock())
    except NotAdoptableError as error:
        messages.error(request, str(error))
    else:
        if count:
            messages.success(request, f"{count} {'is' if count == 1 else 'are'} being taken over. Nothing is sent.")
        else:
            messages.error(request, "Nothing was ticked that can be taken over.")
    return redirect_to_page(request, "adoption", number)


def _searches(request: TenantRequest, form: AdoptionForm) -> HttpResponse:
    page = keyset_page(
        AdoptionSearch.objects.annotate(
            adopted_count=Count("matches", filter=Q(matches__adopted_at__isnull=False, matches__released_at=None)),
            match_count=Count("matches"),
        ),
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"form": form, "connection": connection_of(request), "page": page, "rows": page.rows, "query": ""}
    return render_page(request, "invoices/adoptions.html", context)


def _ticked(request: TenantRequest) -> list[UUID]:
    try:
        return [UUID(text) for text in request.POST.getlist("match")]
    except ValueError as error:
        raise BadRequest("That is no match.") from error


def _tabs(current: str, counts: dict[str, int]) -> list[Tab]:
    return [
        Tab(
            label=str(band.label),
            address=f"?band={band.value}",
            is_current=band == current,
            count=str(counts[band.name.lower()]),
        )
        for band in AdoptionBand
    ]


def _xero_address(request: TenantRequest, match: AdoptionMatch) -> str:
    connection = connection_of(request)
    short_code = connection.short_code if connection else ""
    return document_link(short_code=short_code, kind="sales invoice", xero_id=match.theirs.get("InvoiceID"))

"""Support visits a company: for a reason, for a while, through the company's own pages, and without changing any."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import staff_only, staff_who_proved
from freightbridge.access.support_visit import LENGTH, begin_visit, end_visit
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from invoices.web.support_reason import reason_in


@staff_who_proved
def support_visit(request: HttpRequest, company: str) -> HttpResponse:
    """`company`: its slug. Asked by GET, begun by POST."""
    tenant = get_object_or_404(Tenant, slug=company)
    context = {"tenant_to_visit": tenant, "minutes": LENGTH.seconds // 60}
    if request.method != "POST":
        return render(request, "support/visit.html", context)
    given = reason_in(request)
    if given.complaint:
        return render(request, "support/visit.html", {**context, "reason": given.text, "complaint": given.complaint})
    begin_visit(request, tenant, reason=given.text, now=read_clock())
    return HttpResponseRedirect(page_address(tenant, "overview"))


@staff_only
@require_POST
def stop_visiting(request: HttpRequest) -> HttpResponse:
    visit = end_visit(request, now=read_clock())
    if visit is not None:
        messages.info(request, f"Your visit to {visit.company} has ended.")
    return redirect("support_desk")


@staff_only
def visit_over(request: HttpRequest) -> HttpResponse:
    """Where a page of the company leads once the time is up."""
    visit = end_visit(request, now=read_clock())
    if visit is None:
        return redirect("support_desk")
    again = reverse("support_visit", args=[visit.slug])
    messages.info(request, f"Your visit to {visit.company} is over: it lasts {LENGTH.seconds // 60} minutes.")
    return HttpResponseRedirect(again)

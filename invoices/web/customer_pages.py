"""Customers: the list, a customer, and what fields that name one offer."""

from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.ui.filter_widgets import FilterText, SearchInput
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.list_filters import ListFilters
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import query_without
from integrations.web.connection_strip import connection_of
from integrations.web.contact_states import contact_states
from invoices.models import Customer, Shipment
from invoices.web.freight_forms import CustomerForm
from invoices.workflows.save_customer import save_customer

BY_NAME = Order(("name", "id"), falls=False)
OFFERED = 20
RECENT = 20


class CustomerFilters(ListFilters):
    q = django_filters.CharFilter(label="Search", method="search", widget=SearchInput(placeholder="Code or name"))

    def search(self, customers: QuerySet[Customer], _name: str, text: str) -> QuerySet[Customer]:
        return customers.filter(meant(text))


class CustomerListFilters(CustomerFilters):
    """`terms`: of its own, in days."""

    terms = django_filters.NumberFilter(label="Terms in days", field_name="payment_terms_days", widget=FilterText())


def meant(text: str) -> Q:
    return Q(code__istartswith=text) | Q(name__icontains=text)


@requires(Permission.VIEW_FREIGHT)
def customers(request: TenantRequest) -> HttpResponse:
    filters = CustomerListFilters(request.GET, queryset=Customer.objects.all())
    page = keyset_page(
        filters.qs, order=BY_NAME, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    states = contact_states(connection_of(request), [customer.code for customer in page.rows])
    context: dict[str, Any] = {
        "filter": filters,
        "page": page,
        "rows": [(customer, states[customer.code]) for customer in page.rows],
        "query": query_without(request.GET, "after", "before"),
        "is_filtered": bool(request.GET.get("q") or request.GET.get("terms")),
    }
    return render_page(request, "invoices/customers.html", context)


@requires(Permission.VIEW_FREIGHT)
def customer(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = _find(public_id)
    states = contact_states(connection_of(request), [found.code])
    shipments = Shipment.objects.filter(bill_to=found).order_by("-list_date", "-id")[:RECENT]
    events = AuditEvent.objects.filter(subject_id=public_id).order_by("-at", "-id")[:RECENT]
    context = {"customer": found, "contact": states[found.code], "shipments": shipments, "events": events}
    return render(request, "invoices/customer.html", context)


@requires(Permission.EDIT_FREIGHT)
def customer_new(request: TenantRequest) -> HttpResponse:
    """A report may know already how it is called: `?code=…&name=…&email=…`."""
    known = {field: request.GET.get(field, "") for field in ("code", "name", "email")}
    return _edit(request, Customer(**known))


@requires(Permission.EDIT_FREIGHT)
def customer_edit(request: TenantRequest, public_id: UUID) -> HttpResponse:
    return _edit(request, _find(public_id))


@requires(Permission.EDIT_FREIGHT)
def customer_named(request: TenantRequest) -> HttpResponse:
    """Where a problem leads that knows the customer by its code alone: `?code=…`."""
    code = request.GET.get("code", "")
    named = Customer.objects.filter(code=code).first()
    if named is None:
        messages.error(request, f"There is no customer with the code {code}.")
        return redirect_to_page(request, "customers")
    return redirect_to_page(request, "customer_edit", named.public_id)


@requires(Permission.VIEW_FREIGHT)
def customer_offers(request: TenantRequest) -> HttpResponse:
    """For a field that takes a customer's code: those that what is typed may mean."""
    text = str(next(iter(request.GET.values()), ""))
    found = Customer.objects.filter(meant(text)).order_by("name")[:OFFERED]
    return render(request, "components/offers.html", {"offers": [(one.code, one.name) for one in found]})


@requires(Permission.VIEW_FREIGHT)
def branch_offers(request: TenantRequest) -> HttpResponse:
    text = str(next(iter(request.GET.values()), ""))
    named = Shipment.objects.filter(branch__icontains=text).exclude(branch="").order_by("branch")
    branches = named.values_list("branch", flat=True).distinct()[:OFFERED]
    return render(request, "components/offers.html", {"offers": [(branch, "") for branch in branches]})


def _edit(request: TenantRequest, found: Customer) -> HttpResponse:
    form = CustomerForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        save_customer(
            found,
            changes=form_changes(form),
            tenant=request.tenant,
            by=request.user.email,
            now=read_clock(),
        )
        messages.success(request, f"{found.name} is saved.")
        return redirect_to_page(request, "customer", found.public_id)
    return render(request, "invoices/customer_edit.html", {"form": form, "customer": found if found.pk else None})


def _find(public_id: UUID) -> Customer:
    """Raises Http404, for another company's too."""
    return get_object_or_404(Customer, public_id=public_id)

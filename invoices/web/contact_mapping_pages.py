"""Mappings: customers → contacts. Matched by account number, or by hand; a name is only ever a suggestion."""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.capped_counts import capped_counts, count_text
from freightbridge.ui.keyset import keyset_page
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import Tab, query_without
from integrations.models import ContactLink, ReferenceRecord, XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.outbox.change_mapping import match_contact
from integrations.outbox.last_changes import last_link_changes
from integrations.problem_catalogue.codes import MendPage
from integrations.web.connection_strip import connection_of
from integrations.web.contact_states import MATCHED, WILL_MATCH, contact_states
from invoices.models import Customer
from invoices.web.customer_pages import BY_NAME, CustomerFilters
from invoices.web.mapping_page import UNCONNECTED, change_and_tell
from invoices.workflows.count_waiting import shipments_by_party
from invoices.workflows.find_causes import count_held_up

OFFERED = 20
LABELS = {"": "All", "not-matched": "Not matched", "matched": "Matched"}


@requires(Permission.VIEW_SETTINGS)
def mapping_customers(request: TenantRequest) -> HttpResponse:
    connection = connection_of(request)
    if connection is None:
        return render(request, UNCONNECTED)
    filters = CustomerFilters(request.GET, queryset=Customer.objects.all())
    state, wanted = request.GET.get("state", ""), request.GET.get("q", "")
    lists = _lists(filters.qs, connection)
    page = keyset_page(
        lists.get(state, lists[""]),
        order=BY_NAME,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context: dict[str, Any] = {
        "filter": filters,
        "tabs": _tabs(request, state, capped_counts(lists)),
        "state": state,
        "page": page,
        "rows": _rows(_with_wanted(page.rows, wanted), connection),
        "wanted": wanted,
        "is_narrowed": any(request.GET.values()),
        "query": query_without(request.GET, "after", "before"),
        "connection": connection,
    }
    return render_page(request, "integrations/mapping_customers.html", context)


@requires(Permission.MANAGE_MAPPINGS)
@require_POST
def map_customer(request: TenantRequest) -> HttpResponse:
    """`contact`: the name of an active contact, which Xero keeps unique among them."""
    connection = connection_of(request)
    if connection is None:
        raise BadRequest("Nothing is connected.")
    customer = get_object_or_404(Customer, code=request.POST.get("code", ""))
    named = _contacts(connection).filter(name=request.POST.get("contact", "").strip())
    contact = get_object_or_404(named.order_by("key")[:1])
    change_and_tell(
        request,
        connection=connection,
        change=lambda: match_contact(
            connection, customer_code=customer.code, contact=contact, by=request.user.email, now=read_clock()
        ),
        done=f"{customer.name} is {contact.name} in Xero.",
    )
    # From the report of a sync one returns to it.
    return redirect_to_page(request, "customer_sync" if "from_report" in request.POST else "mapping_customers")


@requires(Permission.VIEW_SETTINGS)
def contact_offers(request: TenantRequest) -> HttpResponse:
    """For the field that takes a contact: active ones by name or account number."""
    connection, text = connection_of(request), next(iter(request.GET.values()), "")
    found = _contacts(connection).filter(Q(name__icontains=text) | Q(code__istartswith=text)).order_by("name")
    offers = [(contact.name, contact.code) for contact in found[:OFFERED]]
    return render(request, "components/offers.html", {"offers": offers})


def _contacts(connection: XeroConnection | None) -> QuerySet[ReferenceRecord]:
    return ReferenceRecord.objects.filter(connection=connection, kind=ReferenceKind.CONTACT, is_active=True)


def _lists(customers: QuerySet[Customer], connection: XeroConnection) -> dict[str, QuerySet[Customer]]:
    link = ContactLink.objects.filter(connection=connection, customer_code=OuterRef("code"))
    numbered = _contacts(connection).filter(code=OuterRef("code"))
    is_known = Exists(link) | Exists(numbered)
    return {"": customers, "not-matched": customers.filter(~is_known), "matched": customers.filter(is_known)}


def _with_wanted(customers: list[Customer], code: str) -> list[Customer]:
    """The one whose whole code was asked for comes first, however many codes begin like it."""
    wanted = Customer.objects.filter(code=code).first() if code else None
    return [wanted, *(one for one in customers if one != wanted)] if wanted else customers


def _rows(customers: list[Customer], connection: XeroConnection) -> list[dict[str, Any]]:
    states = contact_states(connection, [customer.code for customer in customers])
    alike = _of_the_same_name(customers, connection)
    held_up, used = count_held_up(MendPage.CUSTOMERS), shipments_by_party([customer.pk for customer in customers])
    changes = last_link_changes(connection, [customer.code for customer in customers])
    return [
        {
            "customer": customer,
            "contact": states[customer.code],
            "held_up": held_up["", customer.code],
            "used": used.get(customer.pk, 0),
            "changed": changes.get(customer.code),
            "suggestion": ""
            if states[customer.code].pill in {MATCHED, WILL_MATCH}
            else alike.get(customer.name.lower(), ""),
        }
        for customer in customers
    ]


def _of_the_same_name(customers: list[Customer], connection: XeroConnection) -> dict[str, str]:
    names = {customer.name.lower() for customer in customers}
    contacts = _contacts(connection).annotate(lower_name=Lower("name")).filter(lower_name__in=names)
    return dict(contacts.values_list("lower_name", "name"))


def _tabs(request: TenantRequest, current: str, counts: dict[str, int]) -> list[Tab]:
    others = query_without(request.GET, "after", "before", "state")
    return [
        Tab(
            label=label,
            address=f"?{others}{f'state={name}' if name else ''}",
            is_current=name == current,
            count=count_text(counts[name]),
        )
        for name, label in LABELS.items()
    ]

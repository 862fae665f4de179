"""The invoice list."""

from collections.abc import Callable
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.tenancy.midnight import midnight, next_midnight
from freightbridge.ui.capped_counts import count_text, counts_among, found_text, tab_counts
from freightbridge.ui.filter_widgets import FilterDate, FilterSelect, FilterText, OfferingInput, SearchInput
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.list_filters import ListFilters
from freightbridge.ui.page_address import page_address
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import Tab, query_without
from integrations.web.connection_strip import short_codes_of
from integrations.web.state_words import IN_PROGRESS, MONEY
from invoices.domain.customers_called import customers_called
from invoices.domain.invoice_search import find_invoices
from invoices.domain.receivables import OPEN_MONEY, due_between
from invoices.models import Invoice
from invoices.models.invoice import InvoiceKind, InvoiceStatus
from invoices.web.invoice_rows import invoice_row
from invoices.web.list_mark import list_mark

NEWEST = Order(("issue_date", "id"))
# Its words, and the states of the list that it shows; none: every one.
TABS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("All", ()),
    "draft": ("Draft", (InvoiceStatus.DRAFT,)),
    "in-progress": ("In progress", IN_PROGRESS),
    "needs-attention": ("Needs attention", ("attention",)),
    "in-xero": ("In Xero", ("in xero",)),
    "voided": ("Voided", (InvoiceStatus.VOIDED,)),
}
# What a row tells, and what the list is ordered by: each further column of these wide rows is paid for in every list.
SHOWN = (
    *("public_id", "tenant", "number", "kind", "status", "issue_date", "due_date", "reference", "currency", "total"),
    *("customer__code", "customer__name", "xero_document__invoice", "xero_document__connection"),
    *("xero_document__state", "xero_document__unknown_since", "xero_document__sent_at", "xero_document__xero_id"),
    "xero_document__money_state",
)


class InvoiceFilters(ListFilters):
    customer = django_filters.CharFilter(label="Customer", method="of_customer", widget=OfferingInput(filters=True))
    kind = django_filters.ChoiceFilter(
        label="Kind", choices=InvoiceKind.choices, widget=FilterSelect(), empty_label="Any"
    )
    money = django_filters.ChoiceFilter(
        label="Money",
        method="of_money",
        choices=[("open", "Unpaid or part-paid"), *((state, pill.label) for state, pill in MONEY.items())],
        widget=FilterSelect(),
        empty_label="Any",
    )
    currency = django_filters.CharFilter(label="Currency", method="of_currency", widget=FilterText())
    due_from = django_filters.DateFilter(label="Due from", method="of_due_from", widget=FilterDate())
    due_to = django_filters.DateFilter(label="Due to", method="of_due_to", widget=FilterDate())
    sent_from = django_filters.DateFilter(label="Sent from", method="of_sent_from", widget=FilterDate())
    sent_to = django_filters.DateFilter(label="Sent to", method="of_sent_to", widget=FilterDate())
    # After the others: it looks among what they leave.
    q = django_filters.CharFilter(
        label="Search", method="search", widget=SearchInput(placeholder="Invoice number or reference")
    )

    def search(self, invoices: QuerySet[Invoice], _name: str, text: str) -> QuerySet[Invoice]:
        are_narrowed = any(value for name, value in self.form.cleaned_data.items() if name != "q")
        return invoices.filter(pk__is_among=find_invoices(invoices, text, are_narrowed=are_narrowed))

    def of_customer(self, invoices: QuerySet[Invoice], _name: str, text: str) -> QuerySet[Invoice]:
        return invoices.filter(customer__in=customers_called(text))

    def of_currency(self, invoices: QuerySet[Invoice], _name: str, text: str) -> QuerySet[Invoice]:
        return invoices.filter(currency=text.upper())

    def of_sent_from(self, invoices: QuerySet[Invoice], _name: str, day: date) -> QuerySet[Invoice]:
        return invoices.filter(xero_document__sent_at__gte=midnight(day))

    def of_sent_to(self, invoices: QuerySet[Invoice], _name: str, day: date) -> QuerySet[Invoice]:
        return invoices.filter(xero_document__sent_at__lt=next_midnight(day))

    def of_money(self, invoices: QuerySet[Invoice], _name: str, state: str) -> QuerySet[Invoice]:
        return invoices.filter(xero_document__money_state__in=OPEN_MONEY if state == "open" else [state])

    def of_due_from(self, invoices: QuerySet[Invoice], _name: str, day: date) -> QuerySet[Invoice]:
        return due_between(invoices, from_date=day, to_date=None)

    def of_due_to(self, invoices: QuerySet[Invoice], _name: str, day: date) -> QuerySet[Invoice]:
        return due_between(invoices, from_date=None, to_date=day)


@requires(Permission.VIEW_FREIGHT)
def invoices(request: TenantRequest) -> HttpResponse:
    now = read_clock()
    mark = list_mark(now)
    filters = InvoiceFilters(request.GET, queryset=Invoice.objects.all())
    filters.form.fields["customer"].widget.offers = page_address(request.tenant, "customer_offers")
    state = request.GET.get("state", "")
    state = state if state in TABS else ""
    is_search = bool(request.GET.get("q", "").strip())
    if is_search:
        counts = counts_among(filters.qs, {name: _condition(states) for name, (_, states) in TABS.items()})
    else:
        counts = tab_counts(filters.qs, "list_state", {name: states for name, (_, states) in TABS.items()}, {})
    chosen = filters.qs.filter(_condition(TABS[state][1]))
    page = keyset_page(
        (Invoice.objects.all() if is_search else chosen).select_related("customer", "xero_document").only(*SHOWN),
        among=chosen if is_search else None,
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    short_codes = short_codes_of(request)
    context: dict[str, Any] = {
        "filter": filters,
        "tabs": _tabs(request, state, counts, words=found_text if is_search else count_text),
        "state": state,
        "page": page,
        "rows": [
            invoice_row(invoice, tenant=request.tenant, short_codes=short_codes, now=now) for invoice in page.rows
        ],
        "query": query_without(request.GET, "after", "before"),
        "here": request.GET.urlencode(),
        "is_moving": counts["in-progress"] > 0,
        "mark": mark,
        "is_filtered": bool(query_without(request.GET, "after", "before", "state")),
    }
    return render_page(request, "invoices/invoices.html", context)


def _condition(states: tuple[str, ...]) -> Q:
    return Q(list_state__in=states) if states else Q()


def _tabs(request: TenantRequest, current: str, counts: dict[str, int], *, words: Callable[[int], str]) -> list[Tab]:
    others = query_without(request.GET, "after", "before", "state")
    return [
        Tab(
            label=label,
            address=f"?{others}{f'state={name}' if name else ''}",
            is_current=name == current,
            count=words(counts[name]),
        )
        for name, (label, _) in TABS.items()
    ]

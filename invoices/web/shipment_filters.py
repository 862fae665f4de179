"""The filters of the shipment list: all of them stand in the address, so a view of the list can be passed on."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.filter_widgets import FilterDate, FilterSelect, OfferingInput, SearchInput
from freightbridge.ui.page_address import page_address
from integrations.web.state_words import MONEY
from invoices.domain.shipment_search import find_shipments
from invoices.models import Shipment
from invoices.models.shipment import JobType, TransportMode

MONEY_CHOICES = [(state, pill.label) for state, pill in MONEY.items()]


class ShipmentFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label="Search",
        method="search",
        widget=SearchInput(placeholder="Number, reference, invoice, or a pasted list of numbers"),
    )
    customer = django_filters.CharFilter(label="Customer", method="of_customer", widget=OfferingInput(filters=True))
    mode = django_filters.ChoiceFilter(
        label="Mode", choices=TransportMode.choices, widget=FilterSelect(), empty_label="Any"
    )
    job_type = django_filters.ChoiceFilter(
        label="Job type", choices=JobType.choices, widget=FilterSelect(), empty_label="Any"
    )
    branch = django_filters.CharFilter(label="Branch", field_name="branch", widget=OfferingInput(filters=True))
    money = django_filters.ChoiceFilter(
        label="Money", field_name="money_state", choices=MONEY_CHOICES, widget=FilterSelect(), empty_label="Any"
    )
    from_date = django_filters.DateFilter(label="From", field_name="list_date", lookup_expr="gte", widget=FilterDate())
    to_date = django_filters.DateFilter(label="To", field_name="list_date", lookup_expr="lte", widget=FilterDate())

    def search(self, shipments: QuerySet[Shipment], _name: str, text: str) -> QuerySet[Shipment]:
        return shipments.filter(pk__in=find_shipments(text))

    def of_customer(self, shipments: QuerySet[Shipment], _name: str, text: str) -> QuerySet[Shipment]:
        """By code, or by the name that was typed."""
        return shipments.filter(Q(bill_to__code=text) | Q(bill_to__name=text))


def shipment_filters(parameters: Any, *, tenant: Tenant) -> ShipmentFilters:
    filters = ShipmentFilters(parameters, queryset=Shipment.objects.all())
    for name, page in {"customer": "customer_offers", "branch": "branch_offers"}.items():
        filters.form.fields[name].widget.offers = page_address(tenant, page)
    return filters

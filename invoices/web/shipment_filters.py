"""The filters of the shipment list: all of them stand in the address, so a view of the list can be passed on."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from freightbridge.tenancy.midnight import midnight, next_midnight
from freightbridge.tenancy.models import Tenant
from freightbridge.ui.filter_widgets import FilterDate, FilterSelect, FilterText, OfferingInput, SearchInput
from freightbridge.ui.list_filters import ListFilters
from freightbridge.ui.page_address import page_address
from integrations.problem_catalogue.codes import CATALOGUE
from integrations.web.state_words import MONEY
from invoices.domain.customers_called import customers_called
from invoices.domain.shipment_search import find_shipments
from invoices.domain.unsent_money import held_up_by, unsent_shipments
from invoices.models import Shipment
from invoices.models.shipment import JobType, TransportMode
from invoices.web.money_by_age import CAUSES

EXPORTED_CHOICES = [("yes", "Yes"), ("no", "No"), ("file", "By file")]
UNSENT = "unsent"
MONEY_CHOICES = [(UNSENT, "Not in Xero yet"), *((state, pill.label) for state, pill in MONEY.items())]
CAUSE_CHOICES = [*CAUSES.items(), *((code, f"{code} {entry.title}") for code, entry in CATALOGUE.items())]


class ShipmentFilters(ListFilters):
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
    currency = django_filters.CharFilter(label="Currency", method="of_currency", widget=FilterText())
    cause = django_filters.ChoiceFilter(
        label="Cause", method="of_cause", choices=CAUSE_CHOICES, widget=FilterSelect(), empty_label="Any"
    )
    money = django_filters.ChoiceFilter(
        label="Money", method="of_money", choices=MONEY_CHOICES, widget=FilterSelect(), empty_label="Any"
    )
    from_date = django_filters.DateFilter(label="From", field_name="list_date", lookup_expr="gte", widget=FilterDate())
    to_date = django_filters.DateFilter(label="To", field_name="list_date", lookup_expr="lte", widget=FilterDate())

    new_since = django_filters.IsoDateTimeFilter(
        label="New since", field_name="created_at", lookup_expr="gt", widget=forms.HiddenInput()
    )
    exported = django_filters.ChoiceFilter(
        label="Exported", method="by_export", choices=EXPORTED_CHOICES, widget=FilterSelect(), empty_label="Any"
    )
    exported_from = django_filters.DateFilter(label="Exported from", method="by_export_date", widget=FilterDate())
    exported_to = django_filters.DateFilter(label="Exported to", method="by_export_date", widget=FilterDate())

    def by_export(self, shipments: QuerySet[Shipment], _name: str, choice: str) -> QuerySet[Shipment]:
        """Whether something of it went to accounting, by file or through the API (F12, F70)."""
        if choice == "file":
            return shipments.filter(is_in_file=True)
        return shipments.filter(last_exported_at__isnull=choice == "no")

    def by_export_date(self, shipments: QuerySet[Shipment], name: str, day: date) -> QuerySet[Shipment]:
        """In the company's time zone, which the middleware has set."""
        if name == "exported_from":
            return shipments.filter(last_exported_at__gte=midnight(day))
        return shipments.filter(first_exported_at__lt=next_midnight(day))

    def search(self, shipments: QuerySet[Shipment], _name: str, text: str) -> QuerySet[Shipment]:
        return shipments.filter(pk__is_among=find_shipments(text))

    def of_customer(self, shipments: QuerySet[Shipment], _name: str, text: str) -> QuerySet[Shipment]:
        """By code, or by the name that was typed."""
        return shipments.filter(bill_to__in=customers_called(text))

    def of_currency(self, shipments: QuerySet[Shipment], _name: str, text: str) -> QuerySet[Shipment]:
        return shipments.filter(currency=text.upper())

    def of_cause(self, shipments: QuerySet[Shipment], _name: str, cause: str) -> QuerySet[Shipment]:
        """Why they do not go."""
        return held_up_by(shipments, cause)

    def of_money(self, shipments: QuerySet[Shipment], _name: str, state: str) -> QuerySet[Shipment]:
        return unsent_shipments(shipments) if state == UNSENT else shipments.filter(money_state=state)


def shipment_filters(parameters: Any, *, tenant: Tenant) -> ShipmentFilters:
    filters = ShipmentFilters(parameters, queryset=Shipment.objects.all())
    for name, page in {"customer": "customer_offers", "branch": "branch_offers"}.items():
        filters.form.fields[name].widget.offers = page_address(tenant, page)
    return filters

"""What draws a long list quickly draws the same as Django would, and keeps nothing of one request for the next."""

import uuid
from datetime import date

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.capped_counts import tab_counts
from freightbridge.ui.filter_widgets import FilterDate, FilterSelect, FilterText
from freightbridge.ui.page_address import page_address
from freightbridge.ui.templatetags.components import draw_rows, filter_bar
from integrations.web.state_words import LOG_RESULTS
from invoices.models import Shipment
from invoices.web.invoice_rows import InvoiceRow
from invoices.web.shipment_filters import shipment_filters
from tests.conftest import NOW
from tests.freight_factories import ShipmentFactory
from tests.web.page_company import visitor

CHOICES = [("", "Any"), ("a&b", "A < B"), ("c", "C")]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("shipments", ()), ("shipment", (uuid.uuid4(),)), ("attention_cause", (uuid.uuid4(),)), ("send_batch", (7,))],
)
def test_addresses_are_those_that_django_gives(name: str, arguments: tuple[object, ...]) -> None:
    tenant = Tenant(slug="acme-freight_2")

    assert page_address(tenant, name, *arguments) == reverse(name, args=(tenant.slug, *arguments))


@pytest.mark.parametrize(
    ("value", "marks"), [("a&b", ("", " selected", "")), (None, (" selected", "", "")), ("gone", ("", "", ""))]
)
def test_choices_are_escaped_and_the_chosen_one_is_marked(value: str | None, marks: tuple[str, str, str]) -> None:
    select = FilterSelect(choices=CHOICES).render("mode", value, {"id": "id_mode"})

    assert select == (
        '<select name="mode" class="form-select filter-choice" id="id_mode">'
        f'<option value=""{marks[0]}>Any</option><option value="a&amp;b"{marks[1]}>A &lt; B</option>'
        f'<option value="c"{marks[2]}>C</option></select>'
    )


def test_inputs_are_escaped_and_an_empty_one_has_no_value() -> None:
    assert 'value="&quot;&gt;&lt;b&gt;"' in FilterText().render("currency", '"><b>')
    assert 'value="2026-03-02"' in FilterDate().render("from_date", date(2026, 3, 2))
    assert "value" not in FilterText().render("currency", None)


def test_filters_of_one_request_are_not_those_of_another(in_tenant: Tenant) -> None:
    other = Tenant(slug="other")

    first = shipment_filters(QueryDict("customer=A"), tenant=in_tenant)
    second = shipment_filters(QueryDict("customer=B"), tenant=other)

    assert (first.form["customer"].value(), second.form["customer"].value()) == ("A", "B")
    assert in_tenant.slug in first.form.fields["customer"].widget.offers
    assert other.slug in second.form.fields["customer"].widget.offers
    assert [one.filters["customer"].parent for one in (first, second)] == [first, second]
    # Nobody is called so: each finds nothing, and all the others are there as before.
    assert [one.qs.query.is_empty() or not one.qs.exists() for one in (first, second)] == [True, True]


def test_rows_escape_what_people_wrote() -> None:
    row = InvoiceRow(
        public_id="1", address="/o/acme/invoices/1/", number="<b>1", kind="Bill", customer_code="C",
        customer_name="A & B", day="", due_day="", reference="", currency="AUD", amount="1.00",
        state=next(iter(LOG_RESULTS.values())), sent_at=None, money=None, xero_address="",
    )  # fmt: skip

    drawn = draw_rows("invoices/invoice_rows.jinja", rows=[row])

    assert ("<b>" in drawn, "&lt;b&gt;1" in drawn, "A &amp; B" in drawn) == (False, True, True)
    # Pills and icons are markup already.
    assert render_to_string("components/state_pill.html", {"pill": row.state}) in drawn


@pytest.mark.parametrize("query", ["", "customer=A", "customer=B", "mode=air", "from_date=nonsense", "q=%22%3E%3Cb%3E"])
def test_filter_bar_is_the_one_of_its_values(in_tenant: Tenant, query: str) -> None:
    filters = shipment_filters(QueryDict(query), tenant=in_tenant)
    values = {"form": filters.form, "target": "list", "label": "Filter shipments"}

    bars = {filter_bar(filters, target="list", label="Filter shipments") for _ in range(2)}

    assert bars == {render_to_string("components/filter_bar.html", values)}


def test_what_is_drawn_once_is_drawn_for_each_name_and_each_set_of_rights(tenant: Tenant) -> None:
    viewer, admin = visitor(tenant, "viewer"), visitor(tenant, "admin")
    pages = [one.text("shipments") for one in (viewer, admin, viewer)]

    Tenant.objects.filter(pk=tenant.pk).update(name="Another Name", setup_done_at=NOW)
    renamed = admin.text("shipments")

    header, mappings = '<span class="dropdown-header">{}</span>', page_address(tenant, "mapping_charges")
    assert [mappings in page for page in pages] == [False, True, False]
    assert [header.format(tenant.name) in page for page in (pages[1], renamed)] == [True, False]
    assert header.format("Another Name") in renamed
    assert [page_address(tenant, "setup") in page for page in (pages[1], renamed)] == [True, False]


def test_tabs_are_counted_as_each_of_them_would_be(in_tenant: Tenant) -> None:
    for state in ("ready", "ready", "cancelled", "attention"):
        Shipment.objects.filter(pk=ShipmentFactory().pk).update(accounting_state=state)
    tabs = {"": (), "ready": ("ready", "cancelled"), "stopped": ("attention",), "none": ("by file",)}
    beside = {"new": Shipment.objects.filter(accounting_state="cancelled")}

    counts = tab_counts(Shipment.objects.all(), "accounting_state", tabs, beside)
    of_nothing = tab_counts(Shipment.objects.filter(pk__is_among=[]), "accounting_state", tabs, beside)

    assert counts == {"": 4, "ready": 3, "stopped": 1, "none": 0, "new": 1}
    assert of_nothing == {"": 0, "ready": 0, "stopped": 0, "none": 0, "new": 1}

"""What draws a long list quickly draws the same as Django would, and keeps nothing of one request for the next."""

import uuid
from datetime import date

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.filter_widgets import FilterDate, FilterSelect, FilterText
from freightbridge.ui.page_address import page_address
from freightbridge.ui.templatetags.components import draw_rows
from integrations.web.state_words import LOG_RESULTS
from invoices.web.invoice_rows import InvoiceRow
from invoices.web.shipment_filters import shipment_filters

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

"""The form of a number series, and its page, where nothing is called."""

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import NumberCheck, XeroConnection
from invoices.models import BillingEntity, NumberSeries
from tests.conftest import NOW
from tests.web.page_company import Visitor, assessed, company, sent, visitor

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 17


def known(tenant: Tenant, *held: list[int], prefix: str = "INV-", **fields: Any) -> NumberSeries:
    """Xero was read; `held`: runs of figures, first and last."""
    with tenant_scope(tenant):
        series = NumberSeries.objects.get(prefix=prefix)
        NumberCheck.objects.create(
            connection=XeroConnection.objects.get(), series=series, prefix=prefix, asked_at=NOW,
            **{"is_under_way": False, "known_at": NOW, "held": list(held), **fields},
        )  # fmt: skip
        return series


def text_of(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.partition("</nav>")[2]).split())


def mark_of(person: Visitor, series: NumberSeries) -> str:
    found = re.search(r'name="opened_as" value="(\w+)"', person.text("number_series_edit", series.public_id))
    assert found is not None
    return found[1]


def edit(person: Visitor, series: NumberSeries, **fields: Any) -> HttpResponse:
    stands = {"prefix": series.prefix, "next_number": series.next_number, "digits": series.digits}
    return person.post(
        "number_series_edit", series.public_id, **{**stands, "opened_as": mark_of(person, series), **fields}
    )


def next_numbers(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return [str(one) for one in NumberSeries.objects.order_by("id")]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"prefix": 'INV"'}, "Plain letters, figures"),
        ({"prefix": ""}, "This field is required"),
        ({"prefix": "CN-"}, "Another series begins with CN-"),
        ({"prefix": "cn-2026"}, "Another series begins with CN-"),
        ({"next_number": "0"}, "greater than or equal to 1"),
        ({"next_number": "1e5"}, "Enter a whole number"),
        ({"digits": "40"}, "less than or equal to 12"),
        ({"next_number": "5"}, "INV-00007 stands in Harbour &amp; Hinterland already. Begin at INV-00010."),
    ],
)
def test_bad_change_is_named_at_its_field_and_keeps_what_was_good(
    tenant: Tenant, admin: Visitor, fields: dict[str, str], complaint: str
) -> None:
    company(tenant)
    series = known(tenant, [5, 7, 9])

    page = edit(admin, series, **fields)

    (name,) = fields
    assert page.status_code == 200
    assert complaint in page.content.decode().partition(f'id="error_1_id_{name}"')[2].partition("</span>")[0]
    assert next_numbers(tenant) == ["INV-00001", "CN-00001", "Q-00001"]


def test_good_change_is_taken_and_xero_is_asked_anew(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    series = known(tenant, [5, 7, 9])

    answer = edit(admin, series, prefix="2026/", next_number="41", digits="3")

    assert answer.status_code == 302
    assert next_numbers(tenant) == ["2026/041", "CN-00001", "Q-00001"]
    page = text_of(admin.text("number_series"))
    assert "2026/041 Not checked" in page
    assert "is being read" in page
    assert "INV-" not in page


def test_number_that_was_given_while_the_form_was_open_is_not_given_again(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    series = known(tenant)
    opened = mark_of(admin, series)
    sent(tenant, assessed(tenant))

    stale = edit(admin, series, digits="6", opened_as=opened)
    said = admin.text("number_series_edit", series.public_id)
    again = edit(admin, series, next_number="1").content.decode()

    assert stale.status_code == 302
    assert "Numbers were given from this series" in said
    assert "INV-00001 was given here already. Begin at INV-00002." in again
    assert next_numbers(tenant)[0] == "INV-00002"


def test_only_who_may_set_the_rules_changes_a_series(tenant: Tenant) -> None:
    company(tenant)
    series = known(tenant, [5, 1, 9])
    support, viewer = visitor(tenant, "support"), visitor(tenant, "viewer")

    page = support.text("number_series")

    assert "Begin at INV-00010" in page
    assert "to manage sending rules takes Admin" in page
    assert f"/settings/numbers/{series.public_id}/" not in page
    assert support.post("series_begin", series.public_id, begin="INV-00010").status_code == 403
    assert viewer.get("number_series").status_code == 403


def test_page_costs_the_same_for_one_entity_and_for_three(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    known(tenant, [5, 1, 9])
    admin.get("number_series")
    for count in (0, 2):
        with tenant_scope(tenant):
            for code in ("A", "B")[:count]:
                other = BillingEntity.objects.create(code=code, name=code, base_currency="AUD")
                NumberSeries.objects.create(billing_entity=other, kind="quote", prefix=f"{code}-")

        with CaptureQueriesContext(connection) as queries:
            page = admin.text("number_series")

        assert len(queries) == PAGE_QUERIES, "\n".join(query["sql"][:150] for query in queries)
    assert "bills for no connected organisation" in page


def test_without_a_connection_the_page_says_when_it_is_checked(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    with tenant_scope(tenant):
        XeroConnection.objects.update(status="disconnected")

    page = text_of(admin.text("number_series"))

    assert "No organisation in Xero is connected. The series are checked by themselves once one is." in page
    admin.post("number_series_check")
    assert "Nothing was read: no organisation is connected." in admin.text("number_series")

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule
from invoices.models import Shipment, ShipmentCharge
from tests.freight_factories import CustomerFactory
from tests.web.page_company import Visitor, assessed, company, sent

# Session, person, membership and scope; then how the member wants the list, the last look, counts, rows, saved views,
# amounts, invoices, connection.
QUERIES = 23


def numbers(page: str) -> list[str]:
    """Of the shipments that a page lists, in its order."""
    return re.findall(r'href="[^"]*/shipments/[0-9a-f-]{36}/">([^<]+)</a>', page)


@pytest.mark.parametrize("count", [1, 3])
def test_shipments_takes_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, count))
    # The first look of all is written down.
    operator.text("shipments")

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("shipments")

    assert len(numbers(page)) == count
    assert len(queries) == QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_shipments_shows_what_a_row_is_about(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, number="SHP-1", origin="AUSYD", destination="NZAKL", customer_reference="PO-9")

    page = operator.text("shipments")

    assert [text in page for text in ("SHP-1", "AUSYD → NZAKL", "PO-9", "1,250.00", "Ready", "20 Feb 2026")] == [
        True
    ] * 6


def test_shipments_shows_one_whose_charges_have_no_price_yet(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, number="SHP-1")
    with tenant_scope(tenant):
        ShipmentCharge.objects.update(unit_price=None)

    assert "<small>AUD</small> 0.00" in operator.text("shipments")


def test_shipments_tabs_count_and_filter(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, number="SHP-READY")
    assessed(tenant, number="SHP-BARE", incoterm="")
    sent(tenant, assessed(tenant, number="SHP-SENT"))
    sent(tenant, assessed(tenant, number="SHP-MOVING"), state="sending")
    sent(tenant, assessed(tenant, number="SHP-STOPPED"), state="attention")

    found = {
        state: numbers(operator.text("shipments", state=state))
        for state in ("ready", "not-ready", "in-progress", "needs-attention", "by-file", "in-xero", "do-not-send")
    }

    assert found == {
        "ready": ["SHP-READY"],
        "not-ready": ["SHP-BARE"],
        "in-progress": ["SHP-MOVING"],
        "needs-attention": ["SHP-STOPPED"],
        "by-file": [],
        "in-xero": ["SHP-SENT"],
        "do-not-send": [],
    }
    assert re.findall(r'<span class="badge[^>]*>([^<]+)<', operator.text("shipments")) == [
        "5", "1", "1", "1", "1", "0", "1", "0",
    ]  # fmt: skip


def test_shipments_says_why_one_is_not_ready(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, incoterm="")

    assert "No Incoterm: a booking needs one." in operator.text("shipments")


def test_shipments_says_what_stopped_one_and_how_many_more_causes_there_are(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    problem = {"code": "FB-301", "subject": "FRT", "words": {"charge_code": "FRT", "side": "sales"}}
    sent(tenant, assessed(tenant), state="attention", problems=[problem, problem], problem_code="FB-301")

    assert "Charge code FRT has no ledger account for sales. (and 1 more)" in operator.text("shipments")


@pytest.mark.parametrize("count", [1, 3])
def test_shipments_leads_to_where_each_cause_is_mended(
    tenant: Tenant, operator: Visitor, viewer: Visitor, count: int
) -> None:
    company(tenant)
    known = {"code": "FB-301", "subject": "FRT", "words": {"charge_code": "FRT"}}
    sent(tenant, assessed(tenant, count), state="attention", problems=[known], problem_code="FB-301")
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
    assessed(tenant, count)
    assessed(tenant, incoterm="")

    page = operator.text("shipments")
    fixes = Counter(re.findall(r'<a class="desktop-only" data-key="f" href="([^"]+)">', page))

    (cause, _), (field, _) = fixes.most_common()
    assert sorted(fixes.values()) == [1, 2 * count]
    assert operator.client.get(cause).context["row"].counted == f"{2 * count} shipments"
    assert field.endswith("/edit/#div_id_incoterm")
    assert 'data-key="f"' not in viewer.text("shipments")


def test_shipments_shows_exactly_the_numbers_of_a_pasted_list(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    shipments = assessed(tenant, 45)
    wanted = [shipment.number for shipment in shipments[:40]]

    page = operator.text("shipments", q=" ".join([*wanted, "SHP-NONE", "shp-nobody"]))

    assert sorted(numbers(page)) == sorted(wanted)
    assert "2 of the pasted numbers are not here: SHP-NONE, shp-nobody" in page
    assert "pasted numbers" not in operator.text("shipments", q="nothing of this")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"mode": "air"}, ["SHP-AIR"]),
        ({"branch": "Perth"}, ["SHP-AIR"]),
        ({"job_type": "warehouse"}, ["SHP-AIR"]),
        ({"customer": "C-1"}, ["SHP-AIR"]),
        ({"customer": "Coastal"}, ["SHP-AIR"]),
        ({"from_date": "2026-03-01"}, ["SHP-AIR"]),
        ({"to_date": "2026-02-28"}, ["SHP-SEA"]),
        ({"mode": "air", "state": "in-xero"}, []),
        ({"money": "paid"}, []),
    ],
)
def test_shipments_filters_stand_in_the_address(
    tenant: Tenant, operator: Visitor, query: dict[str, str], found: list[str]
) -> None:
    company(tenant)
    assessed(tenant, number="SHP-SEA")
    with tenant_scope(tenant):
        customer = CustomerFactory(code="C-1", name="Coastal")
    assessed(
        tenant, number="SHP-AIR", mode="air", branch="Perth", job_type="warehouse", bill_to=customer,
        list_date=date(2026, 3, 1),
    )  # fmt: skip

    assert numbers(operator.text("shipments", **query)) == found


def test_shipments_pages_lead_on_and_back_by_where_the_last_row_stood(
    tenant: Tenant, operator: Visitor, monkeypatch: Any
) -> None:
    monkeypatch.setattr("freightbridge.ui.keyset.keyset_page.__kwdefaults__", {"after": "", "before": "", "size": 2})
    company(tenant)
    for day in range(1, 6):
        assessed(tenant, number=f"SHP-{day}", list_date=date(2026, 2, day))

    first = operator.text("shipments")
    second = operator.text("shipments", after=re.search(r'after=([^"]+)" rel="next"', first)[1])
    back = operator.text("shipments", before=re.search(r'before=([^"]+)" rel="prev"', second)[1])

    assert [numbers(page) for page in (first, second, back)] == [
        ["SHP-5", "SHP-4"],
        ["SHP-3", "SHP-2"],
        ["SHP-5", "SHP-4"],
    ]


@pytest.mark.parametrize(("state", "polls"), [("sending", True), ("in xero", False)])
def test_shipments_refreshes_itself_only_while_something_is_on_its_way(
    tenant: Tenant, operator: Visitor, state: str, polls: bool
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant), state=state)

    assert ('hx-trigger="every 2s"' in operator.text("shipments")) is polls


def test_shipments_answers_htmx_with_the_list_alone(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, number="SHP-1")

    part = operator.text("shipments", part="list")

    assert part.strip().startswith('<div id="list"')
    assert "<html" not in part
    assert numbers(part) == ["SHP-1"]


def test_shipments_shows_nothing_of_another_company(tenant: Tenant, other_tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    with tenant_scope(other_tenant):
        CustomerFactory(code="RIVAL", name="Rival's customer")
    with tenant_scope(other_tenant):
        Shipment.objects.create(
            number="SHP-RIVAL",
            list_date=date(2026, 2, 1),
            created_at="2026-02-01T00:00Z",
            updated_at="2026-02-01T00:00Z",
        )

    assert numbers(operator.text("shipments", q="SHP-RIVAL")) == []
    assert "RIVAL" not in operator.text("customer_offers", customer="RIV")

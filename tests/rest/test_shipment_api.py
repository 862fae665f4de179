"""Shipments, customers and charge codes by the API: through the page's door, refused in the page's words."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Customer, Shipment, ShipmentCharge
from tests.freight_factories import ChargeCodeFactory, ChargeFactory, CustomerFactory
from tests.rest.api_caller import Caller, caller, errors_of
from tests.web.page_company import company, visitor

LIST_QUERIES = 20
FREIGHT = {"source_id": "1", "charge_code": "FRT", "quantity": 2, "unit_price": "1250.00"}
WHOLE: dict[str, Any] = {
    "number": "SHP-1",
    "customer": "BLUE001",
    "customer_reference": "PO-7781",
    "container": ["MSKU1234565"],
    "incoterm": "fob",
    "declared_value": "18500",
    "currency": "AUD",
    "etd_date": "2026-03-04",
    "charges": [FREIGHT],
}


@pytest.fixture
def tms(tenant: Tenant) -> Caller:
    company(tenant)
    with tenant_scope(tenant):
        CustomerFactory(code="BLUE001")
        ChargeCodeFactory()
    return caller(tenant)


def entered(tms: Caller, **changes: Any) -> dict[str, Any]:
    response = tms.post("shipments", {**WHOLE, **changes})
    assert response.status_code == 201, response.content
    return dict(response.json())


def test_shipment_is_entered_and_ready_as_if_it_had_been_typed(tms: Caller, tenant: Tenant) -> None:
    response = tms.post("shipments", WHOLE)

    told = response.json()
    assert response["Location"] == f"/api/v1/shipments/{told['id']}"
    assert (told["number"], told["state"], told["readiness"], told["problems"]) == ("SHP-1", "Ready", "ready", [])
    assert (told["incoterm"], told["container"], told["charges"][0]["unit_price"]) == ("FOB", ["MSKU1234565"], "1250")
    assert tms.get(f"shipments/{told['id']}").json() == told
    page = visitor(tenant, "viewer").text("shipment", told["id"])
    assert "MSKU1234565" in page
    with tenant_scope(tenant):
        assert Shipment.objects.get().search_text.startswith("shp-1")
        event = AuditEvent.objects.get(action="shipment entered")
        assert event.actor.startswith("API key TMS (")
        assert event.details["Charge 1: Charge code"] == {"before": "", "after": "FRT Freight"}


def test_everything_that_an_invoice_is_missing_is_told_at_once_in_the_pages_words(tms: Caller, tenant: Tenant) -> None:
    """F31: the API, the page and the check say the same."""
    told = entered(
        tms, number="SHP-2", customer="", incoterm="", declared_value=None, currency="NZD", charges=[{"source_id": "1"}]
    )

    assert (told["state"], {problem["field"] for problem in told["problems"]}) == (
        "Not ready",
        {
            "customer",
            "incoterm",
            "declared_value",
            "exchange_rate",
            "charge_code",
            "quantity",
            "unit_price",
            "tax_code",
        },
    )
    texts = {problem["field"]: problem["text"] for problem in told["problems"]}
    assert texts["exchange_rate"] == "No exchange rate: how many NZD for one AUD?"
    page = visitor(tenant, "operator").text("shipment", told["id"])
    assert all(text in page for text in texts.values())
    assert all("/shipments/" in problem["page"] for problem in told["problems"])


def test_what_cannot_be_saved_is_refused_at_its_field_and_nothing_is_saved(tms: Caller, tenant: Tenant) -> None:
    entered(tms)

    wrong = {"number": "SHP-1", "customer": "NOBODY", "weight_kg": "1.23456"}
    response = tms.post(
        "shipments",
        {
            **WHOLE,
            **wrong,
            "charges": [
                {"source_id": "a", "charge_code": "NOPE", "discount_percent": 120},
                {"source_id": "b", "tax_code": "X", "unit_price": "1.23456"},
                {"source_id": "a"},
            ],
        },
    )

    assert response.status_code == 422
    assert errors_of(response) == {
        "/number": "There is a shipment SHP-1 already.",
        "/customer": "There is no customer with the code NOBODY.",
        "/weight_kg": "Ensure that there are no more than 3 decimal places.",
        "/charges/0/charge_code": "There is no charge code “NOPE”.",
        "/charges/0/discount_percent": "A discount is from 0 to 100.",
        "/charges/1/tax_code": "There is no tax code “X”.",
        "/charges/1/unit_price": "Ensure that there are no more than 4 decimal places.",
        "/charges/2/source_id": "Another charge of this shipment has the same.",
    }
    with tenant_scope(tenant):
        assert (Shipment.objects.count(), ShipmentCharge.objects.count()) == (1, 1)


def test_strange_fields_and_values_are_refused_with_their_path(tms: Caller) -> None:
    response = tms.post("shipments", {
        "nummer": 1, "job_type": "train", "etd_date": "04/03/2026", "po": ["a", 7, "b,c"], "goods": "x\u0000y",
        "weight_kg": "1e999999999", "declared_value": True, "charges": [{"price/unit": 1}, 5],
    })  # fmt: skip

    assert response.status_code == 422
    assert errors_of(response) == {
        "/nummer": "There is no such field.",
        "/number": "It is required.",
        "/job_type": "It must be one of: booking, warehouse.",
        "/etd_date": "A day is expected, such as “2026-03-04”.",
        "/po/1": "A text is expected.",
        "/po/2": "No comma, semicolon or line end in a reference.",
        "/goods": "It has characters that cannot be stored.",
        "/weight_kg": "A number is expected, such as 1250.00 or “1250.00”.",
        "/declared_value": "A number is expected, such as 1250.00 or “1250.00”.",
        "/charges/0/price~1unit": "There is no such field.",
        "/charges/0/source_id": "It is required.",
        "/charges/1": "An object is expected.",
    }


def test_shipment_is_changed_as_a_whole_and_its_charges_by_the_callers_ids(tms: Caller, tenant: Tenant) -> None:
    told = entered(tms, charges=[FREIGHT, {**FREIGHT, "source_id": "2"}])
    with tenant_scope(tenant):
        typed = ChargeFactory(shipment=Shipment.objects.get())

    response = tms.put(
        f"shipments/{told['id']}",
        {
            **WHOLE,
            "goods": "Tiles",
            "container": [],
            "charges": [{**FREIGHT, "unit_price": 99}, {**FREIGHT, "source_id": "3"}],
        },
    )

    changed = response.json()
    assert (response.status_code, changed["goods"], changed["container"]) == (200, "Tiles", [])
    assert [(one["source_id"], one["unit_price"]) for one in changed["charges"]] == [("1", "99"), ("3", "1250")]
    with tenant_scope(tenant):
        assert ShipmentCharge.objects.filter(pk=typed.pk).exists()
        assert ShipmentCharge.objects.count() == 3


def test_the_answer_can_be_sent_back_as_it_is_and_changes_nothing(tms: Caller, tenant: Tenant) -> None:
    told = entered(tms)

    again = tms.put(f"shipments/{told['id']}", told)

    assert again.status_code == 200, again.content
    assert {**again.json(), "updated_at": ""} == {**told, "updated_at": ""}


def test_charge_on_an_invoice_is_locked_but_may_be_listed_unchanged(tms: Caller, tenant: Tenant) -> None:
    told = entered(tms)
    visitor(tenant, "operator").post("shipment_draft", told["id"])

    listed = tms.put(f"shipments/{told['id']}", {**WHOLE, "goods": "Tiles"})
    changed = tms.put(f"shipments/{told['id']}", {**WHOLE, "charges": [{**FREIGHT, "quantity": 3}]})
    left_out = tms.put(f"shipments/{told['id']}", {**WHOLE, "charges": []})

    assert listed.status_code == 200, listed.content
    assert [one["invoice"] for one in listed.json()["charges"]] == ["draft"]
    assert list(errors_of(changed)) == ["/charges/0"]
    assert "already, so it was not changed" in errors_of(changed)["/charges/0"]
    assert [one["source_id"] for one in left_out.json()["charges"]] == ["1"]


def test_list_goes_on_where_the_page_before_ended(tms: Caller) -> None:
    numbers = [entered(tms, number=f"SHP-{count}")["number"] for count in range(5)]
    found: list[str] = []
    address: str | None = "/api/v1/shipments?size=2"
    pages = 0
    while address:
        page = tms.client.get(address, headers=tms.headers()).json()
        found += [one["number"] for one in page["items"]]
        address, pages = page["next"], pages + 1

    assert (found, pages) == (numbers, 3)


def test_list_is_filtered_by_number_customer_readiness_and_last_change(tms: Caller) -> None:
    entered(tms)
    second = entered(tms, number="SHP-2", customer="", charges=[])

    def numbers(**query: Any) -> list[str]:
        return [one["number"] for one in tms.get("shipments", **query).json()["items"]]

    assert numbers(number="SHP-2") == ["SHP-2"]
    assert numbers(customer="BLUE001") == ["SHP-1"]
    assert numbers(readiness="ready") == ["SHP-1"]
    assert numbers(updated_since=second["updated_at"]) == ["SHP-2"]
    assert numbers(updated_since=second["updated_at"].replace("+", " ")) == ["SHP-2"]
    wrong = tms.get("shipments", updated_since="yesterday", size="many", colour="red", after="x")
    assert set(errors_of(wrong)) == {"?updated_since", "?size", "?colour"}
    assert errors_of(tms.get("shipments", after="nonsense")) == {"?after": "No page of this list ended there."}


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_number_of_queries_for_any_number_of_rows(tms: Caller, count: int) -> None:
    for number in range(count):
        entered(tms, number=f"SHP-{number}")

    with CaptureQueriesContext(connection) as queries:
        assert len(tms.get("shipments").json()["items"]) == count

    assert len(queries) == LIST_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_customer_is_entered_changed_and_listed(tms: Caller, tenant: Tenant) -> None:
    made = tms.post("customers", {"code": "NEW1", "name": "New Customer", "payment_terms_days": 14})
    double = tms.post("customers", {"code": "NEW1", "name": "Other", "email": "no address", "currency": "dollars"[:3]})
    changed = tms.put(f"customers/{made.json()['id']}", {**made.json(), "name": "Newer"})

    assert (made.status_code, made.json()["payment_terms_days"], made.json()["grouping"]) == (201, 14, "per shipment")
    assert errors_of(double) == {
        "/code": "There is a customer NEW1 already.", "/email": "Enter a valid email address.",
    }  # fmt: skip
    assert (changed.status_code, changed.json()["name"], changed.json()["payment_terms_days"]) == (200, "Newer", 14)
    assert [one["code"] for one in tms.get("customers").json()["items"]] == ["BLUE001", "NEW1"]
    assert tms.get("customers", code="NEW1").json()["items"] == [changed.json()]
    assert tms.get(f"customers/{made.json()['id']}").json() == changed.json()
    with tenant_scope(tenant):
        assert Customer.objects.count() == 2


def test_charge_code_is_entered_and_makes_a_shipment_ready(tms: Caller) -> None:
    made = tms.post("charge-codes", {"code": "THC", "name": "Terminal handling"})
    waiting = entered(tms, charges=[{**FREIGHT, "charge_code": "THC"}])
    changed = tms.put(f"charge-codes/{made.json()['id']}", {**made.json(), "sales_tax_code": "GST"})

    assert (made.status_code, made.json()["sales_tax_code"]) == (201, "")
    assert [problem["field"] for problem in waiting["problems"]] == ["tax_code"]
    assert (changed.status_code, changed.json()["sales_tax_code"]) == (200, "GST")
    texts = {problem["text"] for problem in tms.get(f"shipments/{waiting['id']}").json()["problems"]}
    assert not any("tax code, and neither" in text for text in texts)
    assert errors_of(tms.post("charge-codes", {"code": "THC", "name": "x", "purchase_tax_code": "?"})) == {
        "/code": "There is a charge code THC already.", "/purchase_tax_code": "There is no tax code “?”.",
    }  # fmt: skip
    assert [one["code"] for one in tms.get("charge-codes").json()["items"]] == ["FRT", "THC"]


def test_charge_brings_its_cost_centre_and_a_customer_his_tax_code(tms: Caller, tenant: Tenant) -> None:
    told = entered(tms, number="SHP-9", charges=[{**FREIGHT, "cost_centre": "SYD-WH1"}])
    made = tms.post("customers", {"code": "DIPL", "name": "Embassy", "tax_code": "GST", "customer_group": "gold"})

    with tenant_scope(tenant):
        assert ShipmentCharge.objects.get().cost_centre == "SYD-WH1"
        assert Customer.objects.get(code="DIPL").tax_code.code == "GST"
    assert told["charges"][0]["cost_centre"] == "SYD-WH1"
    assert (made.json()["tax_code"], made.json()["customer_group"]) == ("GST", "gold")

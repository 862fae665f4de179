"""The selected shipments as a file: those that are ticked, or all that match the list's filters."""

import csv
import io
from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from invoices.web import shipment_download
from tests.web.page_company import Visitor, assessed, company, sent

pytestmark = pytest.mark.django_db


def downloaded(person: Visitor, **data: Any) -> list[dict[str, str]]:
    answer = person.post("shipments_download", **data)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_ticked_shipments_are_in_the_file_with_what_the_list_says(tenant: Tenant, viewer: Visitor) -> None:
    company(tenant)
    (going,) = assessed(tenant, number="SHP-1", customer_reference="=1+1")
    (stuck,) = assessed(tenant, number="SHP-2", incoterm="")
    sent(tenant, [going])
    assessed(tenant, number="SHP-3")

    rows = {row["Shipment"]: row for row in downloaded(viewer, shipment=[going.public_id, stuck.public_id])}

    assert sorted(rows) == ["SHP-1", "SHP-2"]
    assert (rows["SHP-1"]["State"], rows["SHP-1"]["Documents"], rows["SHP-1"]["Money"]) == (
        "In Xero", "INV-00001", "Unpaid",
    )  # fmt: skip
    assert (rows["SHP-1"]["Currency"], rows["SHP-1"]["Before tax"]) == ("AUD", "1250.00")
    assert not rows["SHP-1"]["Customer reference"].startswith("=")
    assert rows["SHP-2"]["Why"] == "No Incoterm: a booking needs one."


def test_all_that_match_are_in_the_file(tenant: Tenant, viewer: Visitor) -> None:
    company(tenant)
    assessed(tenant, 2, mode="air")
    assessed(tenant, mode="sea")

    assert [row["Mode"] for row in downloaded(viewer, all="1", filters="mode=air")] == ["Air", "Air"]


def test_more_than_a_file_holds_is_said_and_not_cut(
    tenant: Tenant, viewer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    company(tenant)
    assessed(tenant, 2)
    monkeypatch.setattr(shipment_download, "MOST_ROWS", 1)

    answer = viewer.post("shipments_download", all="1", filters="")

    assert answer.status_code == 302
    assert "A file has 1 shipments at most" in viewer.text("shipments")

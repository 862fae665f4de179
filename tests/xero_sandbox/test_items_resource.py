from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company


def errors_of(reply: Any) -> list[str]:
    assert reply.status == 400, reply.text
    return [error["Message"] for error in reply.json["Elements"][0]["ValidationErrors"]]


def test_answer_has_the_recorded_shape(nz: Company) -> None:
    sent = {
        "Code": "REC-1",
        "Name": "Recorded",
        "SalesDetails": {"UnitPrice": 128.19, "AccountCode": "200"},
        "PurchaseDetails": {"UnitPrice": 98.61, "AccountCode": "300"},
    }

    (item,) = nz.post("Items", {"Items": [sent]}).json["Items"]

    assert item["SalesDetails"] == {"UnitPrice": 128.19, "AccountCode": "200", "TaxType": "OUTPUT2"}
    assert item["PurchaseDetails"] == {"UnitPrice": 98.61, "AccountCode": "300", "TaxType": "INPUT2"}
    assert (item["IsSold"], item["IsPurchased"], item["IsTrackedAsInventory"]) == (True, True, False)
    assert (item["ValidationErrors"], item["UpdatedDateUTC"][-2:]) == ([], ")/")
    assert "+0000" not in item["UpdatedDateUTC"]


def test_post_of_a_known_code_updates(au: Company) -> None:
    first = au.post("Items", {"Code": "X-1", "Name": "one"}).json["Items"][0]

    second = au.post("Items", {"Code": "x-1", "Name": "two"}).json["Items"][0]

    assert (second["ItemID"], second["Name"]) == (first["ItemID"], "two")


def test_put_of_a_known_code_is_refused(au: Company) -> None:
    assert errors_of(au.put("Items", {"Items": [{"Code": "THC"}]})) == [
        "Price List Item with Code 'THC' already exists"
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Code": ""}, "Price List Item Code must be supplied"),
        ({"Code": "x" * 31}, "Price List Item Code must not exceed 30 characters."),
        ({"Name": "x" * 51}, "Price List Item Name must not exceed 50 characters."),
        ({"Description": "x" * 4001}, "Price List Item Description must not exceed 4000 characters."),
        ({"SalesDetails": {"AccountCode": "999"}}, "Account code '999' is not a valid code for this document."),
        ({"SalesDetails": {"TaxType": "NOPE"}}, "Tax rate must be valid."),
    ],
)
def test_what_is_wrong_is_refused(au: Company, fields: dict[str, Any], message: str) -> None:
    assert errors_of(au.put("Items", {"Items": [{"Code": "NEW"} | fields]})) == [message]


@pytest.mark.parametrize(("query", "price"), [({}, 0.43), ({"unitdp": 4}, 0.425)])
def test_prices_keep_two_places_unless_four_are_asked(au: Company, query: dict[str, int], price: float) -> None:
    (item,) = au.get("Items/PICKING", **query).json["Items"]

    assert item["SalesDetails"]["UnitPrice"] == price


def test_list_is_never_paged(au: Company) -> None:
    body = au.get("Items", page=2).json

    assert (len(body["Items"]), "pagination" in body) == (10, False)


def test_item_is_deleted_and_then_gone(au: Company) -> None:
    (item,) = au.put("Items", {"Code": "GONE"}).json["Items"]

    assert au.call("DELETE", f"Items/{item['ItemID']}").status == 204
    assert au.get(f"Items/{item['ItemID']}").status == 404


def test_more_than_five_hundred_are_refused(au: Company) -> None:
    assert au.put("Items", {"Items": [{"Code": f"I{number}"} for number in range(501)]}).status == 400


def test_tracked_item_needs_both_accounts(au: Company) -> None:
    sent = {
        "Code": "T-1",
        "InventoryAssetAccountCode": "620",
        "PurchaseDetails": {"COGSAccountCode": "300"},
    }

    assert au.put("Items", sent).json["Items"][0]["IsTrackedAsInventory"] is True


def test_unknown_item_id_is_refused(au: Company) -> None:
    sent = {"ItemID": "11111111-2222-3333-4444-555555555555", "Code": "X"}

    assert errors_of(au.post("Items", sent)) == ["An existing Item with the specified ItemID could not be found"]

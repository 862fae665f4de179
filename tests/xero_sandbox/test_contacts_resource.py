from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, sales_invoice
from tests.xero_sandbox.document_calls import put as put_invoices
from tests.xero_sandbox.sandbox_process import SandboxProcess

TAKEN = (
    "The contact name Coral Coast Imports is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)
NOT_IDENTIFIED = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
ARCHIVED = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)


def put(company: Company, *contacts: dict[str, Any], **query: Any) -> Any:
    return company.put("Contacts", {"Contacts": list(contacts)}, **query)


def post(company: Company, *contacts: dict[str, Any], **query: Any) -> Any:
    return company.post("Contacts", {"Contacts": list(contacts)}, **query)


def create(company: Company, **fields: Any) -> dict[str, Any]:
    reply = put(company, {"Name": "New Customer"} | fields)
    assert reply.status == 200, reply.text
    contact: dict[str, Any] = reply.json["Contacts"][0]
    return contact


def errors_of(reply: Any) -> list[str]:
    assert reply.status == 400, reply.text
    return [error["Message"] for error in reply.json["Elements"][0]["ValidationErrors"]]


def names(reply: Any) -> list[str]:
    assert reply.status == 200, reply.text
    return sorted(contact["Name"] for contact in reply.json["Contacts"])


def test_created_contact_has_its_fixed_slots(au: Company) -> None:
    phones = [{"PhoneType": "DEFAULT", "PhoneNumber": "02 111"}]

    contact = create(au, EmailAddress="a@b.example", Phones=phones, IsCustomer=True)

    assert sorted(contact) == sorted(
        [
            "ContactID", "ContactStatus", "Name", "EmailAddress", "BankAccountDetails", "Addresses", "Phones",
            "UpdatedDateUTC", "ContactGroups", "IsSupplier", "IsCustomer", "SalesTrackingCategories",
            "PurchasesTrackingCategories", "ContactPersons", "HasValidationErrors",
        ]
    )  # fmt: skip
    assert [each["AddressType"] for each in contact["Addresses"]] == ["STREET", "POBOX"]
    assert contact["Addresses"][0] == {
        "AddressType": "STREET",
        "City": "",
        "Region": "",
        "PostalCode": "",
        "Country": "",
    }
    assert [(each["PhoneType"], each["PhoneNumber"]) for each in contact["Phones"]] == [
        ("DEFAULT", "02 111"), ("DDI", ""), ("FAX", ""), ("MOBILE", ""),
    ]  # fmt: skip
    assert contact["IsCustomer"] is False


def test_taken_name_is_refused_and_echoed(au: Company) -> None:
    reply = put(au, {"Name": "Coral Coast Imports", "IsCustomer": True})

    (element,) = reply.json["Elements"]
    assert errors_of(reply) == [TAKEN]
    assert element["ContactID"] == "00000000-0000-0000-0000-000000000000"
    assert (element["HasValidationErrors"], element["IsCustomer"]) == (True, True)


def test_names_are_unique_whatever_their_case(au: Company) -> None:
    assert errors_of(put(au, {"Name": "CORAL coast imports"})) == [
        TAKEN.replace("Coral Coast Imports", "CORAL coast imports")
    ]


def test_name_of_an_archived_contact_is_free(au: Company) -> None:
    assert create(au, Name="Kimberley Pearls (closed)")["ContactStatus"] == "ACTIVE"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Name": "a<b"}, "The contact name cannot contain the characters < or >."),
        ({"Name": " padded"}, "The contact name cannot contain leading, trailing or double spaces."),
        ({"Name": "two  spaces"}, "The contact name cannot contain leading, trailing or double spaces."),
        ({"Name": "x" * 256}, "The Name must not exceed 255 characters."),
        ({"AccountNumber": "x" * 51}, "The AccountNumber must not exceed 50 characters."),
        ({"ContactNumber": "x" * 51}, "The ContactNumber must not exceed 50 characters."),
        ({"EmailAddress": "not an address"}, "Email address must be valid."),
        ({"EmailAddress": "jürgen@b.example"}, "Email address must be valid."),
        ({"Website": "nowhere"}, "Website must be valid"),
        ({"AccountNumber": "coral02"}, "Account Number already exists. Please enter a different account number."),
        (
            {"Phones": [{"PhoneType": "FAX", "PhoneAreaCode": "0" * 11}]},
            "The PhoneAreaCode must not exceed 10 characters.",
        ),
        ({"Addresses": [{"AddressType": "STREET", "City": "x" * 256}]}, "The City must not exceed 255 characters."),
        ({"Addresses": [{"AddressType": "STREET", "Country": "U.K."}]}, "The Country can only contain letters."),
        ({"ContactPersons": [{"FirstName": "A"}] * 6}, "A contact can have a maximum of 5 ContactPersons."),
    ],
)
def test_what_is_wrong_is_refused(au: Company, fields: dict[str, Any], message: str) -> None:
    assert errors_of(put(au, {"Name": "New Customer"} | fields)) == [message]


def test_account_number_may_repeat_by_switch(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.switch(account_number_taken="accept")

    assert create(au, AccountNumber="CORAL02")["AccountNumber"] == "CORAL02"


def test_contact_without_any_name_is_refused(au: Company) -> None:
    assert errors_of(put(au, {"EmailAddress": "a@b.example"})) == [NOT_IDENTIFIED]
    assert errors_of(post(au, {"EmailAddress": "a@b.example"})) == [NOT_IDENTIFIED]
    assert errors_of(put(au, {"Name": " "})) == ["The contact name cannot be empty."]


def test_contact_number_is_unique(au: Company) -> None:
    create(au, ContactNumber="C-1")

    (message,) = errors_of(put(au, {"Name": "Another", "ContactNumber": "C-1"}))

    assert message.startswith("The contact number C-1 is already assigned to another contact.")


def test_post_finds_by_id_number_then_name(au: Company) -> None:
    held = create(au, ContactNumber="C-1")

    for sent in (
        {"ContactID": held["ContactID"], "FirstName": "id"},
        {"ContactNumber": "C-1", "FirstName": "number"},
        {"Name": "new customer", "FirstName": "name"},
    ):
        (after,) = post(au, sent).json["Contacts"]
        assert (after["ContactID"], after["FirstName"]) == (held["ContactID"], sent["FirstName"])
    assert post(au, {"Name": "Other Customer"}).json["Contacts"][0]["ContactID"] != held["ContactID"]


def test_what_was_not_sent_is_kept(au: Company) -> None:
    held = create(
        au,
        EmailAddress="a@b.example",
        Addresses=[{"AddressType": "STREET", "AddressLine1": "1 Quay", "City": "Sydney"}],
        ContactPersons=[{"FirstName": "Ann", "EmailAddress": "ann@b.example"}],
        TaxNumber="51 824",
    )

    sent = {"ContactID": held["ContactID"], "Addresses": [{"AddressType": "STREET", "City": "Perth"}]}
    (after,) = post(au, sent).json["Contacts"]

    assert after["EmailAddress"] == "a@b.example"
    assert after["TaxNumber"] == "51 824"
    assert (after["Addresses"][0]["AddressLine1"], after["Addresses"][0]["City"]) == ("1 Quay", "Perth")
    assert [each["FirstName"] for each in after["ContactPersons"]] == ["Ann"]


def test_update_by_id_in_the_address(au: Company) -> None:
    held = create(au)

    reply = au.post(f"Contacts/{held['ContactID']}", {"Contacts": [{"EmailAddress": "n@b.example"}]})

    assert (reply.status, reply.json["Contacts"][0]["EmailAddress"]) == (200, "n@b.example")


def test_unknown_contact_id_in_a_write_is_not_found(au: Company) -> None:
    unknown = "11111111-2222-3333-4444-555555555555"

    in_contacts = post(au, {"ContactID": unknown, "Name": "X"})
    in_invoice = put_invoices(
        au, sales_invoice(), sales_invoice(Contact={"ContactID": unknown}), summarizeErrors="false"
    )

    assert [(reply.status, reply.headers["Content-Type"]) for reply in (in_contacts, in_invoice)] == [
        (404, "text/html; charset=utf-8")
    ] * 2
    assert au.get("Invoices", page=1).json["pagination"]["itemCount"] == 0


def test_archive_works_even_with_open_documents_but_only_once(au: Company) -> None:
    invoice = au.invoice(Contact={"Name": "Open Customer"}, Status="AUTHORISED")
    sent = {"ContactID": invoice["Contact"]["ContactID"], "ContactStatus": "ARCHIVED"}

    first = post(au, sent, summarizeErrors="False").json["Contacts"][0]
    second = post(au, sent, summarizeErrors="False").json["Contacts"][0]

    assert (first["ContactStatus"], first["StatusAttributeString"]) == ("ARCHIVED", "OK")
    assert (second["StatusAttributeString"], second["HasValidationErrors"]) == ("ERROR", True)
    assert second["ValidationErrors"] == [{"Message": ARCHIVED}]


def test_unknown_status_is_refused(au: Company) -> None:
    sent = {"ContactID": create(au)["ContactID"], "ContactStatus": "GONE"}

    assert errors_of(post(au, sent)) == ["The status 'GONE' is not valid for contacts"]


def test_document_with_a_new_name_creates_the_contact(au: Company) -> None:
    au.invoice(Contact={"Name": "From A Document", "EmailAddress": "x@y.example"})
    au.invoice(Contact={"Name": "from a document"})

    (contact,) = au.get("Contacts", where='Name=="From A Document"').json["Contacts"]
    assert contact["EmailAddress"] == "x@y.example"


def test_more_than_an_id_in_a_document_edits_the_contact_and_drops_its_persons(au: Company) -> None:
    held = create(au, ContactPersons=[{"FirstName": "Ann"}])

    au.invoice(Contact={"ContactID": held["ContactID"]})
    untouched = au.get(f"Contacts/{held['ContactID']}").json["Contacts"][0]
    au.invoice(Contact={"ContactID": held["ContactID"], "EmailAddress": "new@b.example"})
    edited = au.get(f"Contacts/{held['ContactID']}").json["Contacts"][0]

    assert [each["FirstName"] for each in untouched["ContactPersons"]] == ["Ann"]
    assert (edited["EmailAddress"], edited["ContactPersons"]) == ("new@b.example", [])


def test_document_finds_its_contact_by_id_number_or_name(au: Company) -> None:
    held = create(au, ContactNumber="C-5")

    for named in ({"ContactID": held["ContactID"]}, {"ContactNumber": "C-5"}, {"Name": "NEW customer"}):
        assert au.invoice(Contact=named)["Contact"]["ContactID"] == held["ContactID"]


def test_contact_is_read_by_id_or_contact_number(au: Company) -> None:
    held = create(au, ContactNumber="C-9")

    assert au.get("Contacts/C-9").json["Contacts"][0]["ContactID"] == held["ContactID"]
    assert au.get(f"Contacts/{held['ContactID']}").json["Contacts"][0]["Attachments"] == []
    assert au.get("Contacts/C-10").status == 404


def test_archived_are_hidden_unless_asked_for(au: Company) -> None:
    hidden = "Kimberley Pearls (closed)"

    assert hidden not in names(au.get("Contacts", page=1))
    assert hidden in names(au.get("Contacts", page=1, includeArchived="true"))
    assert names(au.get("Contacts", where=f'Name=="{hidden}"')) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"where": 'AccountNumber=="MURRAY01"'}, ["Murray River Produce"]),
        ({"where": 'AccountNumber="murray01"'}, ["Murray River Produce"]),
        ({"where": 'Name=="murray river produce"'}, ["Murray River Produce"]),
        ({"where": 'EmailAddress=="ap@coralcoast.example"'}, ["Coral Coast Imports"]),
        ({"where": 'Name.StartsWith("Murray")'}, ["Murray River Produce", "Murray River Produce Co"]),
        ({"searchTerm": "skyward"}, ["Skyward Cargo Airlines"]),
        ({"searchTerm": "pbts.example"}, ["Port Botany Terminal Services"]),
        ({"where": 'IsSupplier==true AND Name.Contains("Road")'}, ["Nullarbor Road Transport"]),
    ],
)
def test_list_filters(au: Company, query: dict[str, str], found: list[str]) -> None:
    assert names(au.get("Contacts", **query)) == found


def test_accents_do_not_matter_to_a_filter(sandbox: SandboxProcess) -> None:
    gb = sandbox.connect("GB")

    assert names(gb.get("Contacts", where='Name=="Muller & Sohne Logistik"')) == ["Müller & Söhne Logistik"]


def test_list_without_pages_tells_less(au: Company) -> None:
    person = {"FirstName": "Ann", "EmailAddress": "ann@new.example"}
    au.put("Contacts", {"Contacts": [{"Name": "New", "Website": "https://new.example", "ContactPersons": [person]}]})

    (plain,) = au.get("Contacts", where='Name=="New"').json["Contacts"]
    (paged,) = au.get("Contacts", where='Name=="New"', page=1).json["Contacts"]

    assert (plain["ContactPersons"], "Website" in plain, "HasAttachments" in plain) == ([], False, False)
    assert (paged["ContactPersons"][0]["FirstName"], paged["Website"]) == ("Ann", "https://new.example")


def test_ids_pages_and_summary(au: Company) -> None:
    ids = [au.contact_id("CORAL02"), au.contact_id("MURRAY01")]

    assert names(au.get("Contacts", IDs=",".join(ids))) == ["Coral Coast Imports", "Murray River Produce"]
    assert au.get("Contacts", page=2, pageSize=4).json["pagination"] == {
        "page": 2, "pageSize": 4, "pageCount": 3, "itemCount": 11,
    }  # fmt: skip
    summary = au.get("Contacts", summaryOnly="true").json
    assert (summary["pagination"]["itemCount"], summary["Contacts"][0]["Phones"]) == (11, [])


def test_person_archives_and_restores(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.act("archive_contact", contact="Coral Coast Imports")
    archived = put_invoices(au, sales_invoice(Contact={"Name": "Coral Coast Imports"}))
    sandbox.act("unarchive_contact", contact="Coral Coast Imports")

    assert archived.status == 400
    assert put_invoices(au, sales_invoice(Contact={"Name": "Coral Coast Imports"})).status == 200

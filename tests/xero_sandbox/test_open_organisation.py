from typing import Any

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.sandbox_process import SandboxProcess

CONTACT_ID = "22222222-2222-4333-8444-555555555555"
COPY: dict[str, Any] = {
    "id": "11111111-2222-4333-8444-555555555555", "name": "A copy", "base_currency": "GBP", "currencies": ["GBP"],
    "accounts": [{
        "id": "a1", "code": "4000", "name": "Sales", "type": "SALES", "class": "REVENUE", "tax_type": "T20",
        "system": "", "is_active": True,
    }],
    "tax_rates": [
        {"tax_type": "T20", "name": "Twenty", "rate": "20", "applies_to": ["REVENUE"], "is_active": True}
    ],
    "tracking": [{"id": "o1", "name": "North", "category": "Region", "category_id": "c1", "is_active": True}],
    "themes": [{"id": "t1", "name": "Standard"}],
    "items": [],
    "contacts": [{"id": CONTACT_ID, "name": "Ann", "account_number": "", "is_active": True}],
}  # fmt: skip


def test_organisation_with_settings_of_a_callers_own_answers_by_them(sandbox: SandboxProcess) -> None:
    sandbox.admin("organisations", COPY)
    token = sandbox.admin("grants", {"organisations": [COPY["id"]]})["access_token"]
    headers = {"Authorization": f"Bearer {token}", "xero-tenant-id": COPY["id"], "Accept": "application/json"}
    sold = sales_invoice(Contact={"ContactID": CONTACT_ID}, LineItems=[line(UnitAmount=50, AccountCode="4000")])

    reply = sandbox.http("PUT", "/api.xro/2.0/Invoices", headers=headers, json_body={"Invoices": [sold]})

    assert (reply.status, reply.json["Invoices"][0]["Total"]) == (200, 60)
    assert sandbox.admin("documents")["count"] == 0
    assert sandbox.admin("documents", organisation=COPY["id"])["count"] == 1
    assert COPY["id"] not in {one["id"] for one in sandbox.admin("organisations")["organisations"]}
    sandbox.admin("organisations", COPY)
    assert sandbox.admin("documents", organisation=COPY["id"])["count"] == 0


def test_organisation_that_was_there_before_is_never_replaced(sandbox: SandboxProcess, au: Company) -> None:
    taken = au.contact_id("MURRAY01")
    contact = {"id": taken, "name": "Taken", "account_number": "", "is_active": True}
    for body in ({**COPY, "id": au.organisation_id}, {**COPY, "contacts": [contact]}, {"id": "x"}):
        assert sandbox.http("POST", "/_sandbox/organisations", json_body=body).status == 400

    assert au.get(f"Contacts/{taken}").json["Contacts"][0]["Name"] != "Taken"
    assert sandbox.http("GET", f"/_sandbox/documents?organisation={COPY['id']}").status == 400

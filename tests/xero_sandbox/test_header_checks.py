from datetime import UTC, datetime, timedelta

import pytest

from tests.xero_sandbox.company_client import SCOPES, Company
from tests.xero_sandbox.sandbox_process import SandboxProcess


def problem(title: str, status: int, detail: str) -> dict[str, object]:
    return {"Type": None, "Title": title, "Status": status, "Detail": detail, "Extensions": {}}


def test_call_without_token_is_unauthorised(sandbox: SandboxProcess) -> None:
    reply = sandbox.http("GET", "/api.xro/2.0/Organisation")

    body = reply.json
    assert len(body.pop("Instance")) == 36
    assert (reply.status, body) == (401, problem("Unauthorized", 401, "AuthenticationUnsuccessful"))


def test_garbage_token_is_unauthorised(au: Company) -> None:
    reply = au.get("Organisation", headers={"Authorization": "Bearer eyJ.not.ours"})

    assert (reply.status, reply.json["Detail"]) == (401, "AuthenticationUnsuccessful")


def test_expired_token_says_when_it_expired(sandbox: SandboxProcess, au: Company) -> None:
    expires_at = sandbox.now() + timedelta(seconds=1800)
    sandbox.advance(1801)

    reply = au.get("Organisation")

    body = reply.json
    words, _, moment = body["Detail"].partition(" token expired at ")
    assert (reply.status, body["Title"], words) == (401, "Unauthorized", "TokenExpired:")
    told = datetime.strptime(moment, "%m/%d/%Y %H:%M:%S").replace(tzinfo=UTC)
    assert abs(told - expires_at) <= timedelta(seconds=2)


def test_token_lives_thirty_minutes(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.advance(1799)

    assert au.get("Organisation").status == 200


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        (["accounting.invoices"], "GET", "Invoices", 200),
        (["accounting.invoices.read"], "GET", "Invoices", 200),
        (["accounting.invoices.read"], "PUT", "Invoices", 401),
        (["accounting.transactions"], "GET", "Invoices", 200),
        (["accounting.transactions.read"], "GET", "CreditNotes", 200),
        (["accounting.invoices.read"], "GET", "Quotes", 200),
        (["accounting.invoices"], "GET", "Items", 200),
        (["accounting.settings.read"], "GET", "Items", 200),
        (["accounting.settings.read"], "GET", "Currencies", 200),
        (["accounting.settings.read"], "PUT", "Currencies", 401),
        (["accounting.settings.read"], "GET", "Organisation", 200),
        (["accounting.invoices"], "GET", "Organisation", 401),
        (["accounting.invoices"], "GET", "Contacts", 401),
        (["accounting.contacts.read"], "GET", "Contacts", 200),
        (["accounting.invoices"], "GET", "Payments", 401),
        (["accounting.payments.read"], "GET", "Payments", 200),
        (["accounting.transactions.read"], "GET", "Payments", 200),
        (["accounting.invoices"], "GET", "Journals", 401),
        (["accounting.journals.read"], "GET", "Journals", 200),
    ],
)
def test_scope_opens_its_part_only(
    sandbox: SandboxProcess, scopes: list[str], method: str, path: str, status: int
) -> None:
    company = sandbox.connect("AU", scopes)

    reply = company.call(method, path, json_body=None if method == "GET" else {})

    assert reply.status == status
    if status == 401:
        assert reply.json["Detail"] == "AuthorizationUnsuccessful"


def test_scope_is_checked_before_the_organisation(sandbox: SandboxProcess) -> None:
    company = sandbox.connect("AU", ["accounting.contacts"])

    reply = company.get("Invoices", headers={"xero-tenant-id": sandbox.organisation_id("NZ")})

    assert reply.status == 401


@pytest.mark.parametrize("header", ["", "not-a-guid", "00000000-0000-0000-0000-000000000000"])
def test_organisation_that_is_not_there_is_forbidden(au: Company, header: str) -> None:
    reply = au.get("Organisation", headers={"xero-tenant-id": header})

    body = reply.json
    assert len(body.pop("Instance")) == 36
    assert (reply.status, body) == (403, problem("Forbidden", 403, "AuthenticationUnsuccessful"))


def test_organisation_of_somebody_else_is_forbidden(sandbox: SandboxProcess, au: Company) -> None:
    reply = au.get("Organisation", headers={"xero-tenant-id": sandbox.organisation_id("GB")})

    assert reply.status == 403


def test_one_token_reaches_every_organisation_its_person_connected(sandbox: SandboxProcess) -> None:
    tokens = sandbox.admin("grants", {"organisations": [], "scopes": SCOPES})
    names = set()
    for organisation in sandbox.admin("organisations")["organisations"]:
        company = Company(http=sandbox.http, organisation_id=organisation["id"], tokens=tokens)
        names.add(company.get("Organisation").json["Organisations"][0]["Name"])

    assert len(names) == 4


def test_disconnected_organisation_is_forbidden_at_once(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.act("disconnect")

    assert au.get("Organisation").status == 403


def test_expiring_access_tokens_leaves_refresh_tokens(sandbox: SandboxProcess, au: Company) -> None:
    other = sandbox.connect("NZ")
    told = [sandbox.act("expire_access_tokens") for _ in range(2)]

    assert (told, other.get("Organisation").status) == ([{"expired": 1}, {"expired": 0}], 200)
    assert au.get("Organisation").json["Detail"].startswith("TokenExpired")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": au.tokens["refresh_token"],
        "client_id": "sandbox-client",
        "client_secret": "sandbox-secret",
    }
    assert sandbox.http("POST", "/connect/token", form=form).status == 200

import re

from tests.xero_sandbox.company_client import Company, Reply
from tests.xero_sandbox.consent_walk import authorise, exchange
from tests.xero_sandbox.sandbox_process import SandboxProcess

SEVEN_DIGITS = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{7}")


def connections(sandbox: SandboxProcess, company: Company, method: str = "GET", rest: str = "") -> Reply:
    bearer = {"Authorization": company.headers["Authorization"]}
    return sandbox.http(method, f"/connections{rest}", headers=bearer)


def test_list_is_a_bare_array(sandbox: SandboxProcess, au: Company) -> None:
    (connection,) = connections(sandbox, au).json

    assert list(connection) == [
        "id", "authEventId", "tenantId", "tenantType", "tenantName", "createdDateUtc", "updatedDateUtc",
    ]  # fmt: skip
    assert (connection["tenantId"], connection["tenantType"]) == (au.organisation_id, "ORGANISATION")
    assert connection["tenantName"] == "Harbour & Hinterland Freight (AU)"
    assert SEVEN_DIGITS.fullmatch(connection["createdDateUtc"])


def test_disconnect_is_by_the_connections_own_id(sandbox: SandboxProcess, au: Company) -> None:
    (connection,) = connections(sandbox, au).json

    by_tenant = connections(sandbox, au, "DELETE", f"/{au.organisation_id}")
    by_id = connections(sandbox, au, "DELETE", f"/{connection['id']}")
    again = connections(sandbox, au, "DELETE", f"/{connection['id']}")

    assert (by_tenant.status, by_id.status, by_id.body, again.status) == (404, 204, b"", 404)
    assert connections(sandbox, au).json == []
    assert au.get("Organisation").status == 403


def test_token_outlives_its_connection(sandbox: SandboxProcess, au: Company) -> None:
    (connection,) = connections(sandbox, au).json

    connections(sandbox, au, "DELETE", f"/{connection['id']}")

    assert connections(sandbox, au).status == 200


def test_expired_token_does_not_remove_a_connection(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.advance(1801)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": au.tokens["refresh_token"],
        "client_id": "sandbox-client",
        "client_secret": "sandbox-secret",
    }
    tokens = sandbox.http("POST", "/connect/token", form=form).json

    reply = sandbox.http("GET", "/connections", headers={"Authorization": f"Bearer {tokens['access_token']}"})

    assert [each["tenantId"] for each in reply.json] == [au.organisation_id]


def test_list_without_token_is_unauthorised(sandbox: SandboxProcess) -> None:
    assert sandbox.http("GET", "/connections").status == 401
    assert sandbox.http("DELETE", "/connections/x").status == 401


def test_reconnecting_moves_only_the_updated_moment(sandbox: SandboxProcess) -> None:
    from_page = _consent(sandbox)
    (before,) = connections(sandbox, from_page).json
    connections(sandbox, from_page, "DELETE", f"/{before['id']}")
    sandbox.advance(60)

    again = _consent(sandbox)

    (after,) = connections(sandbox, again).json
    assert (after["id"], after["createdDateUtc"]) == (before["id"], before["createdDateUtc"])
    assert after["updatedDateUtc"] > before["updatedDateUtc"]
    assert after["authEventId"] != before["authEventId"]


def _consent(sandbox: SandboxProcess) -> Company:
    tokens = exchange(sandbox, authorise(sandbox, country="AU")["code"]).json
    return Company(http=sandbox.http, organisation_id=sandbox.organisation_id("AU"), tokens=tokens)

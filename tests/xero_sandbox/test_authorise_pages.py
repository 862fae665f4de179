from urllib.parse import parse_qs, urlsplit

import pytest

from tests.xero_sandbox.company_client import Reply
from tests.xero_sandbox.sandbox_process import SandboxProcess

WISH = {
    "response_type": "code",
    "client_id": "sandbox-client",
    "redirect_uri": "http://localhost:8000/xero/callback",
    "scope": "openid offline_access accounting.invoices",
    "state": "abc",
}


def show(sandbox: SandboxProcess, cookie: str = "", **changes: str) -> Reply:
    headers = {"Cookie": f"sandbox_login={cookie}"} if cookie else None
    return sandbox.http("GET", "/identity/connect/authorize", query=WISH | changes, headers=headers)


def login_id(page: str, first_name: str) -> str:
    return page.split(f'id="login-{first_name}" value="')[1].split('"', maxsplit=1)[0]


def test_first_the_demo_logins_are_shown(sandbox: SandboxProcess) -> None:
    page = show(sandbox)

    names = [part.split("</b>")[0] for part in page.text.split("<b>")[1:]]
    assert (page.status, names) == (200, ["Alex Adviser", "Grace Okafor", "Mia Harbour", "Owen Pennine"])
    assert "SANDBOX" in page.text


def test_people_of_grants_made_for_tests_are_not_listed(sandbox: SandboxProcess) -> None:
    sandbox.connect("AU")

    assert "Granted Person" not in show(sandbox).text


def test_then_the_organisations_of_that_login(sandbox: SandboxProcess) -> None:
    mia = login_id(show(sandbox).text, "mia")
    signed_in = sandbox.http("POST", "/identity/connect/login", form={"login": mia, "query": "a=b"})

    page = show(sandbox, cookie=mia)

    assert signed_in.headers["Location"] == "/identity/connect/authorize?a=b"
    assert signed_in.headers["Set-Cookie"].startswith(f"sandbox_login={mia};")
    names = [part.split("</b>")[0] for part in page.text.split("<b>")[1:]]
    assert names == ["Harbour &amp; Hinterland Freight (AU)", "Southern Cross Forwarding (NZ)"]


def test_cancel_tells_the_app_access_denied(sandbox: SandboxProcess) -> None:
    query = show(sandbox).text.split('name="query" value="')[1].split('"')[0].replace("&amp;", "&")

    reply = sandbox.http("POST", "/identity/connect/consent", form={"query": query, "decision": "cancel"})

    assert reply.status == 302
    assert parse_qs(urlsplit(reply.headers["Location"]).query) == {"error": ["access_denied"], "state": ["abc"]}


def test_organisation_of_another_login_cannot_be_chosen(sandbox: SandboxProcess) -> None:
    page = show(sandbox).text
    query = page.split('name="query" value="')[1].split('"')[0].replace("&amp;", "&")
    form = {"query": query, "decision": "allow", "organisation": sandbox.organisation_id("AU")}

    reply = sandbox.http(
        "POST",
        "/identity/connect/consent",
        form=form,
        headers={"Cookie": f"sandbox_login={login_id(page, 'owen')}"},
    )

    assert (reply.status, "access_denied" in reply.text) == (400, True)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"redirect_uri": "http://127.0.0.1:8000/callback"}, "unauthorized_client"),
        ({"redirect_uri": "http://example.com/callback"}, "unauthorized_client"),
        ({"redirect_uri": "https://example.com/callback#part"}, "unauthorized_client"),
        ({"redirect_uri": ""}, "unauthorized_client"),
        ({"redirect_uri": "https://[broken"}, "unauthorized_client"),
        ({"scope": "openid accounting.transactions"}, "invalid_scope"),
        ({"scope": "openid accounting.everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x", "code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_bad_wish_ends_on_an_error_page_without_callback(
    sandbox: SandboxProcess, changes: dict[str, str], error: str
) -> None:
    reply = show(sandbox, **changes)

    assert (reply.status, f'id="error-code">{error}<' in reply.text) == (400, True)
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "redirect_uri", ["https://freight.example/callback", "http://localhost/callback", "http://localhost:8000/x?y=1"]
)
def test_https_and_localhost_may_be_redirected_to(sandbox: SandboxProcess, redirect_uri: str) -> None:
    assert show(sandbox, redirect_uri=redirect_uri).status == 200


def test_unknown_login_is_refused(sandbox: SandboxProcess) -> None:
    reply = sandbox.http("POST", "/identity/connect/login", form={"login": "nobody", "query": ""})

    assert (reply.status, 'id="error-code">access_denied<' in reply.text) == (400, True)


def test_broad_scopes_can_be_switched_on(sandbox: SandboxProcess) -> None:
    sandbox.switch(broad_scopes="accept")

    assert show(sandbox, scope="openid accounting.transactions").status == 200


def test_page_has_no_script_and_no_inline_style(sandbox: SandboxProcess) -> None:
    page = show(sandbox)

    assert [word for word in ("<script", "style=", "<style", "onclick") if word in page.text] == []
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")

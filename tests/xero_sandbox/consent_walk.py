"""The consent and the token endpoint as an app walks through them, without a browser."""

from urllib.parse import parse_qs, urlsplit

from tests.xero_sandbox.company_client import SCOPES, Reply
from tests.xero_sandbox.sandbox_process import SandboxProcess

CALLBACK = "http://localhost:8000/xero/callback"
CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}


def authorise(
    sandbox: SandboxProcess, *, login: str = "alex@adviser.example", country: str = "AU", **extra: str
) -> dict[str, str]:
    """Walks the consent page without a browser; the values that came back to the app."""
    wish = {
        "response_type": "code",
        "client_id": "sandbox-client",
        "redirect_uri": CALLBACK,
        "scope": " ".join(SCOPES),
        "state": "s-1",
    } | extra
    page = sandbox.http("GET", "/identity/connect/authorize", query=wish).text
    user_id = page.split(login)[0].rsplit('name="login"', 1)[1].split('value="')[1].split('"')[0]
    query = page.split('name="query" value="')[1].split('"')[0].replace("&amp;", "&")
    cookie = {"Cookie": f"sandbox_login={user_id}"}
    choice = {"query": query, "organisation": sandbox.organisation_id(country), "decision": "allow"}
    reply = sandbox.http("POST", "/identity/connect/consent", form=choice, headers=cookie)
    assert reply.status == 302, reply.text
    location = reply.headers["Location"]
    assert location.startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def exchange(sandbox: SandboxProcess, code: str, **extra: str) -> Reply:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK} | CLIENT | extra
    return sandbox.http("POST", "/connect/token", form=form)


def refresh(sandbox: SandboxProcess, token: str, **extra: str) -> Reply:
    form = {"grant_type": "refresh_token", "refresh_token": token} | CLIENT | extra
    return sandbox.http("POST", "/connect/token", form=form)

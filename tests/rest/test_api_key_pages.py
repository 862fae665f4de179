"""Settings → API keys, and the documentation that another system's people read."""

import re

import pytest
from django.test import Client

from freightbridge.access.models import ApiKey
from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.api.all_endpoints import GROUPS
from tests.rest.api_caller import Caller
from tests.web.conftest import admin, viewer  # noqa: F401 people who open pages
from tests.web.page_company import Visitor, visitor

SCOPES = ["freight:read", "freight:write"]


def made(person: Visitor, name: str = "Cargo TMS", days: str = "365") -> str:
    page = person.post("api_keys", name=name, scopes=SCOPES, days=days).content.decode()
    return re.search(r'id="made-key">(fbk_\S+)</code>', page)[1]  # type: ignore[index]


def test_key_is_made_shown_once_used_and_revoked(tenant: Tenant, admin: Visitor) -> None:  # noqa: F811
    key = made(admin)
    tms = Caller(tenant, key)

    assert re.fullmatch(r"fbk_local_[0-9a-f]{8}_[A-Za-z0-9_-]{43}", key)
    assert tms.get("shipments").status_code == 200
    assert tms.get("documents").status_code == 403
    again = admin.text("api_keys")
    assert key not in again
    assert "Enter and change shipments, customers and charge codes" in again
    with tenant_scope(tenant):
        row = ApiKey.objects.get()
        assert row.last_used_at is not None
        assert (row.expires_at - row.made_at).days == 365

    admin.post("revoke_api_key", row.public_id)

    assert tms.get("shipments").status_code == 401
    assert "Revoked" in admin.text("api_keys")
    with tenant_scope(tenant):
        actions = list(AuditEvent.objects.order_by("id").values_list("action", "actor"))
    assert actions == [
        ("API key made", "admin@acme-freight.example"), ("API key revoked", "admin@acme-freight.example"),
    ]  # fmt: skip


def test_eleventh_key_is_refused_until_one_is_revoked(tenant: Tenant, admin: Visitor) -> None:  # noqa: F811
    for count in range(10):
        made(admin, f"TMS {count}")

    refused = admin.post("api_keys", name="One more", scopes=SCOPES, days="").content.decode()
    with tenant_scope(tenant):
        first = ApiKey.objects.order_by("id").first()
    admin.post("revoke_api_key", first.public_id)

    assert "A company has 10 keys at most." in refused
    assert made(admin, "One more", days="")


def test_key_needs_a_name_and_a_scope(admin: Visitor) -> None:  # noqa: F811
    page = admin.post("api_keys").content.decode()

    assert page.count("This field is required.") == 2


@pytest.mark.parametrize("role", ["support", "operator"])
def test_only_an_admin_makes_keys(tenant: Tenant, role: str) -> None:
    person = visitor(tenant, role)

    assert "to manage API keys and events takes Admin" in person.text("api_keys")
    assert person.post("api_keys", name="x", scopes=SCOPES).status_code == 403


def test_documentation_has_every_endpoint_and_field(viewer: Visitor) -> None:  # noqa: F811
    page = viewer.text("api_documentation")

    for group in GROUPS:
        for endpoint in group.endpoints:
            assert f'id="{endpoint.name}"' in page
            for name in endpoint.body.members if endpoint.body else ():
                assert f"<code>{name}</code>" in page


def test_openapi_is_open_and_names_every_call() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    operations = [one for path in document["paths"].values() for one in path.values()]

    assert document["openapi"] == "3.1.0"
    assert sorted(one["operationId"] for one in operations) == sorted(
        endpoint.name for group in GROUPS for endpoint in group.endpoints
    )
    posted = document["paths"]["/shipments"]["post"]
    assert {"name": "Idempotency-Key", "in": "header"}.items() <= posted["parameters"][-1].items()
    assert posted["requestBody"]["content"]["application/json"]["schema"]["required"] == ["number"]
    assert document["paths"]["/shipments/{public_id}/log"]["get"]["parameters"][0]["in"] == "path"

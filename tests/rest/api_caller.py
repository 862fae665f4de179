"""Another system that calls the API, with a key of a company."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from freightbridge.access.api_keys import MadeKey, make_key
from freightbridge.access.api_scopes import Scope
from freightbridge.access.models import User
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import make_member

ROOT = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Caller:
    tenant: Tenant
    key: str
    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(ROOT + path, query, headers=self.headers())

    def post(self, path: str, body: Any, *, key: str = "") -> HttpResponse:
        """`key`: the Idempotency-Key; a fresh one where it does not matter."""
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = self.headers(key or str(uuid.uuid4()))
        return self.client.post(ROOT + path, content, content_type="application/json", headers=headers)

    def put(self, path: str, body: Any) -> HttpResponse:
        return self.client.put(ROOT + path, json.dumps(body), content_type="application/json", headers=self.headers())

    def upload(self, content: bytes, *, name: str = "freight.csv", key: str = "") -> HttpResponse:
        file = SimpleUploadedFile(name, content, content_type="text/csv")
        return self.client.post(ROOT + "uploads", {"file": file}, headers=self.headers(key or str(uuid.uuid4())))

    def headers(self, idempotency_key: str = "") -> dict[str, str]:
        named = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return {"Authorization": f"Bearer {self.key}", **named}


def new_key(tenant: Tenant, scopes: Iterable[Scope] = tuple(Scope), **fields: Any) -> MadeKey:
    email = f"admin@{tenant.slug}.example"
    person = User.objects.filter(email=email).first() or make_member(tenant, "admin")
    with tenant_scope(tenant):
        now = read_clock()
        return make_key(name="TMS", scopes=scopes, expires_at=fields.get("expires_at"), by=person, now=now)


def caller(tenant: Tenant, *scopes: Scope) -> Caller:
    return Caller(tenant, new_key(tenant, scopes or tuple(Scope)).text)


def errors_of(response: HttpResponse) -> dict[str, str]:
    """By pointer."""
    assert response["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in response.json().get("errors", [])}

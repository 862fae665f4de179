"""Who is let in: every endpoint × every way in which a key may not count, and nothing of another company ever."""

import json
import logging
import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from freightbridge.access.api_keys import revoke_key
from freightbridge.access.api_scopes import Scope
from freightbridge.access.models import ApiKey
from freightbridge.clock import read_clock
from freightbridge.rest import admit_call
from freightbridge.rest.endpoints import Endpoint
from freightbridge.rest.openapi_document import PART
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.api.all_endpoints import GROUPS
from invoices.models import ChargeCode, Customer, Invoice, Shipment
from tests.rest.api_caller import ROOT, Caller, caller, errors_of, new_key
from tests.rest.test_shipment_api import WHOLE
from tests.web.page_company import assessed, company, sent, visitor
from tests.web.test_upload_pages import STRANGE, choose

ENDPOINTS = [endpoint for group in GROUPS for endpoint in group.endpoints]
WITH_PART = [endpoint for endpoint in ENDPOINTS if "<" in endpoint.path]
NAMES = [endpoint.name for endpoint in ENDPOINTS]


def call(endpoint: Endpoint, authorization: str, *, ids: dict[str, str] | None = None, body: Any = None) -> Any:
    path = ROOT + PART.sub(lambda _: (ids or {}).get(endpoint.path.partition("/")[0], "1"), endpoint.path)
    if "uuid" in endpoint.path and not ids:
        path = ROOT + PART.sub(str(uuid.uuid4()), endpoint.path)
    headers = {"Authorization": authorization, "Idempotency-Key": str(uuid.uuid4()), "X-Request-ID": "the-same-for-all"}
    content = json.dumps(body if body is not None else {})
    return Client().generic(endpoint.method, path, content, content_type="application/json", headers=headers)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=NAMES)
def test_without_a_key_that_counts_nobody_learns_anything(tenant: Tenant, endpoint: Endpoint) -> None:
    now = read_clock()
    revoked, expired = new_key(tenant), new_key(tenant, expires_at=now - timedelta(seconds=1))
    with tenant_scope(tenant):
        revoke_key(revoked.key, by="admin", now=now)
    good = new_key(tenant).text
    offered = [
        "", "Bearer", "Bearer x", f"Basic {good}", good, f"Bearer {good[:-1]}", f"Bearer {good}x",
        f"Bearer {revoked.text}", f"Bearer {expired.text}", f"bearer\u00e9 {good}",
        "Bearer fbk_live_00000000_" + "x" * 40,
    ]  # fmt: skip

    answers = [call(endpoint, one) for one in offered]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert all(answer["WWW-Authenticate"].startswith("Bearer") for answer in answers)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=NAMES)
def test_every_endpoint_asks_for_its_scope(tenant: Tenant, endpoint: Endpoint) -> None:
    others = new_key(tenant, [scope for scope in Scope if scope != endpoint.scope])
    right = new_key(tenant, [endpoint.scope])

    refused, taken = call(endpoint, f"Bearer {others.text}"), call(endpoint, f"Bearer {right.text}")

    assert refused.status_code == 403
    assert str(endpoint.scope) in refused.json()["detail"]
    assert taken.status_code not in {401, 403, 500}


@pytest.fixture
def theirs(tenant: Tenant, other_tenant: Tenant) -> dict[str, str]:
    """Ids of another company's rows, by the first part of a path."""
    company(other_tenant)
    sent(other_tenant, assessed(other_tenant))
    choose(visitor(other_tenant, "operator"), STRANGE.replace("acme", "x"))
    with tenant_scope(other_tenant):
        return {
            "shipments": str(Shipment.objects.get().public_id),
            "customers": str(Customer.objects.get().public_id),
            "charge-codes": str(ChargeCode.objects.get().public_id),
            "documents": str(Invoice.objects.get().public_id),
            "uploads": "1",
            "sends": "1",
        }


@pytest.mark.parametrize("endpoint", WITH_PART, ids=[endpoint.name for endpoint in WITH_PART])
def test_other_companys_ids_answer_like_missing_ones(
    tenant: Tenant, theirs: dict[str, str], endpoint: Endpoint
) -> None:
    key = f"Bearer {new_key(tenant).text}"
    body = {"number": "X", "code": "X", "name": "X"}
    known = {name: body[name] for name in (endpoint.body.members if endpoint.body else ()) if name in body}
    missing = {name: str(uuid.uuid4()) if len(text) > 9 else "77" for name, text in theirs.items()}

    foreign = call(endpoint, key, ids=theirs, body=known)
    nothing = call(endpoint, key, ids=missing, body=known)

    assert (foreign.status_code, foreign.content) == (404, nothing.content)


def test_lists_hold_nothing_of_another_company(tenant: Tenant, theirs: dict[str, str]) -> None:
    tms = caller(tenant)
    lists = [endpoint for endpoint in ENDPOINTS if endpoint.is_list and "<" not in endpoint.path]

    assert {endpoint.name: tms.get(endpoint.path).json()["items"] for endpoint in lists} == {
        endpoint.name: [] for endpoint in lists
    }
    assert errors_of(tms.post("sends", {"shipments": [theirs["shipments"]]})) == {
        "/shipments/0": "There is no such shipment."
    }


def test_key_is_counted_and_stopped_when_it_calls_too_often(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admit_call, "CALLS_IN_WINDOW", 3)
    tms, other = caller(tenant), caller(tenant)

    answers = [tms.get("shipments") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert other.get("shipments").status_code == 200
    with tenant_scope(tenant):
        key = ApiKey.objects.order_by("id").first()
        assert (key.window_count, key.last_used_at is not None) == (5, True)
        ApiKey.objects.update(window_began_at=read_clock() - admit_call.WINDOW)
    assert tms.get("shipments").status_code == 200


def test_what_is_no_endpoint_is_a_problem_too(tenant: Tenant) -> None:
    tms = caller(tenant)

    assert (tms.get("nothing/here").status_code, tms.get("shipments/").status_code) == (404, 404)
    assert tms.client.delete(f"{ROOT}shipments").status_code == 405
    assert tms.client.delete(f"{ROOT}shipments")["Allow"] == "GET, POST"
    text = tms.client.post(f"{ROOT}shipments", "{}", content_type="text/plain", headers=tms.headers("key"))
    assert text.status_code == 415
    assert (
        tms.client.post(f"{ROOT}shipments", "{}", content_type="application/json", headers=tms.headers()).status_code
        == 400
    )


STRANGE_VALUES: list[Any] = [
    None, True, 0, -1, 10**40, 1.5, "", " ", "x" * 10_000, "\u0000", "\ud800", "\u202e", "'; DROP TABLE x; --", "1e400",
    "NaN", "-0", "9" * 40, "0000-00-00", "2026-02-30", [], {}, [[]], [None], {"a": {"b": []}}, ["x"] * 300,
    {"source_id": None}, "=1+1", "9999-12-31", "AUD", "fob", "booking", "00000000-0000-0000-0000-000000000000",
]  # fmt: skip
STRANGE_BODIES = [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a": 1, "a": 2}', b"[" * 100_000, b'{"number": NaN}', b"1" * 5_000,
    b'{"number": ' + b"1" * 10_000 + b"}", b'"' + b"\\ud800" * 3 + b'"', b'{"\\ud800": 1}', b"{}" + b" " * 10 + b"x",
]  # fmt: skip


def bodies(rng: random.Random, count: int, members: list[str]) -> Iterator[bytes]:
    for _ in range(count):
        chosen = rng.sample(members, rng.randint(0, len(members)))
        body = {"number": f"N{rng.random()}", "code": f"C{rng.random()}"[:30], "name": "x"}
        body = {name: value for name, value in body.items() if name in members and rng.random() < 0.7}
        charge = {name: rng.choice(STRANGE_VALUES) for name in ("charge_code", "quantity", "unit_price", "side")}
        body |= {name: rng.choice([*STRANGE_VALUES, [{"source_id": "1", **charge}]]) for name in chosen}
        yield json.dumps(body).encode()


WITH_BODY = [endpoint for endpoint in ENDPOINTS if endpoint.body]


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=lambda one: one.name)
def test_strange_bodies_are_refused_and_never_break_anything(
    tenant: Tenant, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admit_call, "CALLS_IN_WINDOW", 1_000_000)

    statuses = attacked(tenant, endpoint, count=60)

    assert {400, 422} <= statuses
    assert statuses <= {200, 201, 202, 400, 409, 415, 422}


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("endpoint", WITH_BODY, ids=lambda one: one.name)
def test_thousands_of_strange_bodies_break_nothing(
    tenant: Tenant, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admit_call, "CALLS_IN_WINDOW", 1_000_000)

    assert max(attacked(tenant, endpoint, count=5_000 // len(WITH_BODY))) < 500


def attacked(tenant: Tenant, endpoint: Endpoint, *, count: int) -> set[int]:
    """The statuses that so many bodies of our own making, and some that are no JSON, are answered with."""
    company(tenant)
    tms = caller(tenant)
    with tenant_scope(tenant):
        customer = Customer.objects.create(code="C", name="C")
        code = ChargeCode.objects.create(code="FRT", name="Freight")
    shipment = tms.post("shipments", {**WHOLE, "customer": "C"}).json()["id"]
    ids = {"shipments": shipment, "customers": str(customer.public_id), "charge-codes": str(code.public_id)}
    path = ROOT + PART.sub(ids.get(endpoint.path.partition("/")[0], "1"), endpoint.path)
    members = list(endpoint.body.members) if endpoint.body else []
    statuses = set()
    rng = random.Random(endpoint.name)  # noqa: S311 the same bodies every time
    for content in [*STRANGE_BODIES, *bodies(rng, count, members)]:
        headers = tms.headers(str(uuid.uuid4()))
        answer = tms.client.generic(endpoint.method, path, content, content_type="application/json", headers=headers)
        assert answer.status_code < 500, content[:2000]
        assert answer["Content-Type"] in {"application/json", "application/problem+json"}
        statuses.add(answer.status_code)
    return statuses


@pytest.mark.parametrize("query", ["after=%00", "size=0", "size=201", "size=1e9", "updated_since=%F0%9F", "after=W10"])
def test_strange_parameters_are_refused(tenant: Tenant, query: str) -> None:
    tms = caller(tenant)
    company(tenant)
    with tenant_scope(tenant):
        Customer.objects.create(code="C", name="C")
    tms.post("shipments", {**WHOLE, "customer": "C", "charges": []})

    answer = tms.client.get(f"{ROOT}shipments?{query}", headers=tms.headers())

    assert answer.status_code == 422, answer.content


def test_secret_of_a_key_stands_in_no_log_and_in_no_table(tenant: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    made = new_key(tenant)
    tms = Caller(tenant, made.text)
    secret = made.text.split("_", 3)[3]

    tms.get("shipments")
    tms.get(f"nothing/{made.text}")
    tms.post("shipments", f'{{"{made.text}": 1')
    logged = [as_logged(record) for record in caplog.records]

    assert sum("freightbridge.request" in line for line in logged) == 3
    assert not any(secret in line for line in logged)
    with tenant_scope(tenant):
        assert secret not in str(list(ApiKey.objects.values()))
    assert secret not in repr(made)


def as_logged(record: logging.LogRecord) -> str:
    """As the process writes it."""
    (written_by,) = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    return written_by.format(record)

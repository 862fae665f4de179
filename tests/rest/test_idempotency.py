"""Idempotency-Key: what is repeated is done once, whatever was lost on the way, and whoever comes at the same time."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.rest import replay_reply
from freightbridge.rest.clear_replies import CLEAR_REPLIES, clear_replies
from freightbridge.rest.models import KeptReply
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SendBatch
from invoices.models import Shipment, Upload
from tests.conftest import make_tenant
from tests.rest.api_caller import Caller, caller
from tests.rest.test_shipment_api import tms  # noqa: F401 the same company
from tests.web.page_company import assessed, company

BODY = {"number": "SHP-1", "charges": []}


def test_same_call_again_is_answered_alike_and_does_nothing(tms: Caller, tenant: Tenant) -> None:  # noqa: F811
    first, again = tms.post("shipments", BODY, key="k-1"), tms.post("shipments", BODY, key="k-1")

    assert (again.status_code, again.content, again["Location"]) == (201, first.content, first["Location"])
    assert (again["Idempotent-Replayed"], "Idempotent-Replayed" in first) == ("true", False)
    with tenant_scope(tenant):
        assert Shipment.objects.count() == 1


def test_same_key_for_another_request_is_refused(tms: Caller) -> None:  # noqa: F811
    tms.post("shipments", BODY, key="k-1")

    other_body = tms.post("shipments", {**BODY, "number": "SHP-2"}, key="k-1")
    other_path = tms.post("customers", {"code": "A", "name": "A"}, key="k-1")

    assert (other_body.status_code, other_path.status_code) == (422, 422)
    assert "another request" in other_body.json()["detail"]


def test_what_was_refused_may_be_mended_under_its_key(tms: Caller) -> None:  # noqa: F811
    refused = tms.post("shipments", {**BODY, "customer": "NOBODY"}, key="k-1")
    mended = tms.post("shipments", BODY, key="k-1")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_keys_of_two_companies_are_two_keys(tms: Caller, other_tenant: Tenant) -> None:  # noqa: F811
    other = caller(other_tenant)

    answers = [tms.post("shipments", BODY, key="k-1"), other.post("shipments", BODY, key="k-1")]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_file_is_known_again_by_its_bytes(tms: Caller, tenant: Tenant) -> None:  # noqa: F811
    content = b"Shipment Number,Currency\nSHP-9,AUD\n"

    first, again = tms.upload(content, key="u-1"), tms.upload(content, key="u-1")
    other = tms.upload(content + b"SHP-10,AUD\n", key="u-1")

    assert (first.status_code, again.content, other.status_code) == (202, first.content, 422)
    with tenant_scope(tenant):
        assert Upload.objects.count() == 1


@pytest.mark.parametrize("key", ["", "with blank", "ü", "x" * 256])
def test_post_without_a_usable_key_is_refused(tms: Caller, tenant: Tenant, key: str) -> None:  # noqa: F811
    headers = {**tms.headers(), **({"Idempotency-Key": key} if key else {})}
    answer = tms.client.post("/api/v1/shipments", "{}", content_type="application/json", headers=headers)

    assert (answer.status_code, "Idempotency-Key" in answer.json()["detail"]) == (400, True)


def test_send_finds_its_batch_even_when_the_reply_is_long_gone(tms: Caller, tenant: Tenant) -> None:  # noqa: F811
    (shipment,) = assessed(tenant)
    body = {"shipments": [str(shipment.public_id)]}
    first = tms.post("sends", body, key="s-1")
    with tenant_scope(tenant):
        KeptReply.objects.all().delete()

    again = tms.post("sends", body, key="s-1")

    assert (first.status_code, again.json()["number"]) == (202, first.json()["number"])
    with tenant_scope(tenant):
        assert SendBatch.objects.count() == 1


def test_replies_are_cleared_after_thirty_days(tms: Caller, tenant: Tenant) -> None:  # noqa: F811
    tms.post("shipments", BODY, key="k-1")
    tms.post("shipments", {**BODY, "number": "SHP-2"}, key="k-2")
    with tenant_scope(tenant):
        waiting = WorkItem.objects.get(kind=CLEAR_REPLIES)
        assert timedelta(hours=23) < waiting.next_at - read_clock() <= timedelta(days=1)
        KeptReply.objects.filter(key="k-1").update(replied_at=read_clock() - timedelta(days=30, seconds=1))

    again = clear_replies(Work(tenant_id=tenant.pk, subject_id=tenant.pk))

    assert again is not None
    with tenant_scope(tenant):
        assert list(KeptReply.objects.values_list("key", flat=True)) == ["k-2"]
        KeptReply.objects.all().delete()
    assert clear_replies(Work(tenant_id=tenant.pk, subject_id=tenant.pk)) is None


def at_once(count: int, act: Any) -> list[Any]:
    """Each on a thread and a connection of its own."""
    ready, found = threading.Barrier(count), []

    def run() -> None:
        ready.wait()
        try:
            found.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_calls_with_one_key_at_once_do_it_once() -> None:
    tenant = make_tenant("acme-freight")
    company(tenant)
    key = caller(tenant).key

    answers = at_once(8, lambda: Caller(tenant, key).post("shipments", BODY, key="k-1"))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert sum(1 for answer in answers if answer.status_code == 201 and "Idempotent-Replayed" not in answer) == 1
    assert all(answer["Retry-After"] == "1" for answer in answers if answer.status_code == 409)
    with tenant_scope(tenant):
        assert Shipment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_calls_for_one_number_at_once_enter_it_once() -> None:
    tenant = make_tenant("acme-freight")
    company(tenant)
    key = caller(tenant).key

    answers = at_once(6, lambda: Caller(tenant, key).post("shipments", BODY))

    assert sorted({answer.status_code for answer in answers} - {409, 422}) == [201]
    assert [answer.status_code for answer in answers].count(201) == 1


@pytest.mark.django_db(transaction=True)
def test_call_whose_first_one_is_still_running_is_told_so_at_once() -> None:
    tenant = make_tenant("acme-freight")
    key = caller(tenant).key
    holds, may_end = threading.Event(), threading.Event()

    def first_call() -> None:
        with tenant_scope(tenant):
            replay_reply._lock("k-1")
            holds.set()
            may_end.wait(30)
        connection.close()

    first = threading.Thread(target=first_call)
    first.start()
    holds.wait(30)
    while_it_runs = Caller(tenant, key).post("shipments", BODY, key="k-1")
    may_end.set()
    first.join()
    afterwards = Caller(tenant, key).post("shipments", BODY, key="k-1")

    assert (while_it_runs.status_code, afterwards.status_code) == (409, 201)
    assert while_it_runs.json()["detail"] == replay_reply.STILL_RUNNING

"""Events to a real server: what is told, how it is signed, and what happens when nobody takes it."""

import hashlib
import hmac
import json
import socket
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.run_due_work import run_due
from freightbridge.background_work.work_kinds import Queue, Work
from freightbridge.clock import read_clock
from freightbridge.outbound_events import post_event as post
from freightbridge.outbound_events.announce import DELIVER_EVENTS
from freightbridge.outbound_events.change_endpoints import AddedEndpoint, add_endpoint, switch_on, try_out
from freightbridge.outbound_events.deliver_events import delivering_gave_up
from freightbridge.outbound_events.event_kinds import TOLD_AS
from freightbridge.outbound_events.models import EventDelivery, EventEndpoint
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.lose_connection import lose_connection
from integrations.models import XeroDocument
from tests.conftest import make_member, make_tenant
from tests.notices.told_people import told as bell
from tests.outbound_events.event_receiver import Receiver
from tests.sending import company, send_all, shipments, store_pdfs
from tests.web.page_company import Visitor, visitor
from tests.web.page_company import company as offline
from tests.web.test_upload_pages import imported
from tests.xero_company import run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant("acme-freight")


def listen(tenant: Tenant, url: str, *kinds: str) -> AddedEndpoint:
    with tenant_scope(tenant):
        return add_endpoint(url=url, kinds=kinds or [*map(str, TOLD_AS)], by="admin", now=read_clock())


def announce_test(tenant: Tenant, added: AddedEndpoint) -> None:
    with tenant_scope(tenant):
        try_out(added.endpoint, now=read_clock())


def deliver() -> None:
    while run_due(Queue.POLL, seconds=30):
        pass


def come_due(tenant: Tenant) -> None:
    """As if every wait were over."""
    with tenant_scope(tenant):
        EventDelivery.objects.filter(state="waiting").update(next_at=read_clock())
        WorkItem.objects.filter(kind=DELIVER_EVENTS).update(next_at=read_clock())


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _, _, body in receiver.got]


def deliveries(tenant: Tenant) -> list[tuple[str, str, list[int | None]]]:
    with tenant_scope(tenant):
        rows = EventDelivery.objects.order_by("id")
        return [(row.kind, row.state, [one["status"] for one in row.tries]) for row in rows]


def test_what_happens_to_a_document_is_told_signed_and_once(
    tenant: Tenant, xero: SandboxProcess, receiver: Receiver
) -> None:
    company(tenant, xero)
    added = listen(tenant, f"{receiver.url}/hook?of=tms")
    shipments(tenant, "100.00")
    send_all(tenant)
    store_pdfs(tenant)
    run_workers()
    with tenant_scope(tenant):
        document = XeroDocument.objects.get()
    xero.admin("acts", {"act": "pay", "organisation": "AU", "document": document.number})
    assert visitor(tenant, "operator").post("check_payments").status_code == 302
    deliver()

    assert [one["event"] for one in told(receiver)] == ["document.in_xero", "document.paid"]
    in_xero, paid = (one["document"] for one in told(receiver))
    assert (in_xero["number"], in_xero["state"], in_xero["money_state"]) == (document.number, "in xero", "unpaid")
    assert (paid["id"], paid["money_state"], paid["amount_due"]) == (in_xero["id"], "paid", "0.00")
    path, headers, body = receiver.got[0]
    stamp, digest = (part.partition("=")[2] for part in headers["FreightBridge-Signature"].split(","))
    expected = hmac.new(added.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert (path, digest, headers["FreightBridge-Event"]) == ("/hook?of=tms", expected, "document.in_xero")
    assert abs(int(stamp) - time.time()) < 60
    assert headers["FreightBridge-Delivery"] == told(receiver)[0]["id"]
    assert [state for _, state, _ in deliveries(tenant)] == ["delivered"] * 2


def test_what_needs_attention_is_told_with_its_reason(tenant: Tenant, xero: SandboxProcess, receiver: Receiver) -> None:
    company(tenant, xero)
    listen(tenant, receiver.url, "document.attention")
    shipments(tenant, "100.00")
    xero.act("set_lock_date", lock="period", date="2099-12-31")
    send_all(tenant)
    deliver()

    (event,) = told(receiver)
    assert (event["event"], event["code"], event["document"]["state"]) == ("document.attention", "FB-403", "attention")
    assert "31 December 2099" in event["text"]


def test_lost_connection_is_told(tenant: Tenant, receiver: Receiver) -> None:
    connection = offline(tenant)
    listen(tenant, receiver.url, "connection.lost", "upload.finished")
    with tenant_scope(tenant):
        lose_connection(connection.pk, reason="Xero has ended our authorisation", now=read_clock())
    deliver()

    (event,) = told(receiver)
    assert (event["event"], event["connection"]["organisation"]) == ("connection.lost", "Harbour & Hinterland")


def test_finished_upload_is_told(tenant: Tenant, receiver: Receiver) -> None:
    listen(tenant, receiver.url, "upload.finished")
    imported(tenant, visitor(tenant, "operator"))
    deliver()

    (event,) = told(receiver)
    assert (event["upload"]["number"], event["upload"]["state"], event["upload"]["rows"]) == (1, "done", 2)
    assert "Upload of freight.csv: 2 rows imported" in bell(tenant, "operator@acme-freight.example")


def test_only_what_was_asked_for_is_told_and_only_to_ones_own(
    tenant: Tenant, xero: SandboxProcess, receiver: Receiver
) -> None:
    listen(make_tenant("rival-lines"), receiver.url)
    company(tenant, xero)
    listen(tenant, receiver.url, "document.voided", "upload.finished")
    shipments(tenant, "100.00")
    send_all(tenant)
    store_pdfs(tenant)
    run_workers()
    deliver()

    assert receiver.got == []
    with tenant_scope(tenant):
        assert not EventDelivery.objects.exists()


def test_event_is_written_with_what_it_tells_of_or_not_at_all(tenant: Tenant, receiver: Receiver) -> None:
    connection = offline(tenant)
    listen(tenant, receiver.url, "connection.lost")

    def lose_and_fail() -> None:
        with tenant_scope(tenant):
            lose_connection(connection.pk, reason="gone", now=read_clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        lose_and_fail()
    deliver()

    assert receiver.got == []


def test_refused_event_is_tried_again_with_the_same_bytes(tenant: Tenant, receiver: Receiver) -> None:
    added = listen(tenant, receiver.url)
    receiver.answers = [500, 302, 200]
    announce_test(tenant, added)
    for _ in range(4):
        deliver()
        come_due(tenant)

    assert deliveries(tenant) == [("test", "delivered", [500, 302, 200])]
    assert len({body for _, _, body in receiver.got}) == 1
    assert [path for path, _, _ in receiver.got] == ["/"] * 3
    with tenant_scope(tenant):
        assert EventEndpoint.objects.get().failing_since is None


def test_endpoint_that_takes_nothing_for_a_day_is_switched_off_and_goes_on_when_switched_on(
    tenant: Tenant, receiver: Receiver
) -> None:
    added = listen(tenant, receiver.url)
    receiver.answers = [503]
    announce_test(tenant, added)
    deliver()
    day = timedelta(hours=24)
    with tenant_scope(tenant):
        EventDelivery.objects.update(asked_at=read_clock() - day)
        EventEndpoint.objects.update(failing_since=read_clock() - day)
    announce_test(tenant, added)
    come_due(tenant)
    deliver()

    page = visitor(tenant, "admin").text("event_endpoint", added.endpoint.public_id)
    assert "It took no event for a day, so it was switched off." in page
    assert {state for _, state, _ in deliveries(tenant)} == {"failed", "waiting"}

    receiver.answers = [200]
    with tenant_scope(tenant):
        switch_on(EventEndpoint.objects.get(), by="admin", now=read_clock())
    deliver()
    assert sorted(state for _, state, _ in deliveries(tenant)) == ["delivered", "failed"]


def test_who_may_switch_it_on_again_is_told_that_it_was_switched_off_and_no_secret_with_it(
    tenant: Tenant, receiver: Receiver
) -> None:
    for role in ("admin", "operator"):
        make_member(tenant, role)
    listen(tenant, f"{receiver.url}/hook?key=s3cret")
    receiver.answers = [503]
    with tenant_scope(tenant):
        EventEndpoint.objects.update(failing_since=read_clock() - timedelta(hours=24))
        try_out(EventEndpoint.objects.get(), now=read_clock())
    deliver()

    (sent,) = mail.outbox
    assert sent.to == ["admin@acme-freight.example"]
    assert sent.subject == "Acme Freight: events for 127.0.0.1 are switched off"
    assert "It took no event for a day." in str(sent.body)
    assert "Events that wait: 1" in str(sent.body)
    assert "s3cret" not in str(sent.message())
    assert bell(tenant, sent.to[0]) == ["Events for 127.0.0.1 are switched off. It took no event for a day."]


def test_endpoint_that_we_cannot_serve_is_told_of_too(tenant: Tenant, receiver: Receiver) -> None:
    make_member(tenant, "admin")
    added = listen(tenant, receiver.url)

    delivering_gave_up(Work(tenant_id=tenant.pk, subject_id=added.endpoint.pk), "KeyError: 'x'")
    deliver()

    assert "It was switched off after a mistake of ours: switch it on again." in str(mail.outbox[0].body)
    assert "KeyError" not in str(mail.outbox[0].message())


def test_endpoint_that_does_not_answer_costs_one_try_a_time(
    tenant: Tenant, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EVENTS_TO_PRIVATE_ADDRESSES = True
    monkeypatch.setattr(post, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        added = listen(tenant, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        for _ in range(3):
            announce_test(tenant, added)
        deliver()

    assert [tries for _, _, tries in deliveries(tenant)] == [[None], [], []]
    with tenant_scope(tenant):
        assert WorkItem.objects.get().next_at > read_clock() + timedelta(seconds=25)
        assert "No answer" in EventDelivery.objects.order_by("id")[0].tries[0]["error"]


def test_slow_drip_is_cut_off(tenant: Tenant, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EVENTS_TO_PRIVATE_ADDRESSES = True
    monkeypatch.setattr(post, "SECONDS_IN_ALL", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as slow:
        outcome = post.post_event(f"http://127.0.0.1:{slow.getsockname()[1]}/", b"{}", headers={})

    assert outcome.status is None
    assert outcome.seconds < 5


def test_event_is_sent_again_from_the_page(tenant: Tenant, receiver: Receiver) -> None:
    added = listen(tenant, receiver.url)
    admin = visitor(tenant, "admin")
    admin.post("try_endpoint", added.endpoint.public_id)
    deliver()
    with tenant_scope(tenant):
        delivery = EventDelivery.objects.get()
    admin.post("deliver_again", delivery.public_id)
    deliver()

    assert len({body for _, _, body in receiver.got}) == 1
    assert deliveries(tenant) == [("test", "delivered", [200, 200])]
    assert "Delivered" in Visitor(admin.client, tenant).text("event_endpoint", added.endpoint.public_id)


def test_work_item_is_done_when_nothing_waits(tenant: Tenant, receiver: Receiver) -> None:
    announce_test(tenant, listen(tenant, receiver.url))
    deliver()

    with tenant_scope(tenant):
        assert not WorkItem.objects.filter(kind=DELIVER_EVENTS).exists()


def test_document_that_is_voided_in_xero_is_told(tenant: Tenant, xero: SandboxProcess, receiver: Receiver) -> None:
    company(tenant, xero)
    listen(tenant, receiver.url, "document.voided")
    shipments(tenant, "100.00")
    send_all(tenant)
    with tenant_scope(tenant):
        document = XeroDocument.objects.get()
    xero.admin("acts", {"act": "void", "organisation": "AU", "document": document.number})
    visitor(tenant, "operator").post("check_payments")
    deliver()

    (event,) = told(receiver)
    assert (event["event"], event["document"]["state"]) == ("document.voided", "voided")

"""What Xero tells of is seen here, once, however often and in whatever order it tells it. Real HTTP, both ways."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Again, Queue, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import ASSESS_SHIPMENTS, CHECK_PAYMENTS
from integrations.models import (
    AccountingLogEntry,
    ContactLink,
    OrganisationLane,
    ReferenceRecord,
    WebhookEvent,
    XeroConnection,
    XeroDocument,
)
from integrations.webhooks import process_events
from integrations.webhooks.route_events import route_events
from invoices.models import Shipment
from tests.sending import Calls, documents, log_of, send_all, shipments
from tests.webhooks.conftest import Told
from tests.webhooks.waiting import wait_until
from tests.webhooks.xero_messages import event, message, post
from tests.xero_company import run_queue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]


def facts(tenant: Tenant) -> list[str]:
    told = {"payment", "payment taken back", "voided in xero"}
    return [text for event, text in log_of(tenant) if event in told]


def process(tenant: Tenant) -> Again | None:
    with tenant_scope(tenant):
        connection_id = XeroConnection.objects.get().pk
    return process_events.process_events(Work(tenant_id=tenant.pk, subject_id=connection_id))


def tell(told: Told, *events: dict[str, Any]) -> None:
    """As they are, of documents of ours, whatever happened to them."""
    organisation = told.xero.organisation_id("AU")
    assert post(message(*({**one, "tenantId": organisation} for one in events))).status_code == 200


def of_document(told: Told, number: int, **changes: Any) -> dict[str, Any]:
    return event(resourceId=str(documents(told.tenant, "xero_id")[number])) | changes


def test_intent_to_receive_is_answered_as_xero_wants(told: Told) -> None:
    assert [(one["kind"], one["is_signed_well"], one["status"], one["problem"]) for one in told.deliveries()] == [
        ("intent to receive", True, 200, ""),
        ("intent to receive", False, 401, ""),
        ("intent to receive", True, 200, ""),
        ("intent to receive", False, 401, ""),
    ]


def test_payment_grows_shrinks_and_is_told_of_each_time(told: Told) -> None:
    steps = [
        ("pay", {"amount": "40.00"}, "part-paid"),
        ("pay", {}, "paid"),
        ("unpay", {}, "unpaid"),
        ("void", {}, ""),
    ]
    for act, wish, state in steps:
        told.xero.act(act, document="INV-00001", **wish)
        told.hear()
        assert documents(told.tenant, "money_state") == [state, "unpaid"]

    assert facts(told.tenant) == [
        "Part-paid: 40.00 of 110.00 AUD.",
        "Paid in full: 110.00 AUD.",
        "110.00 AUD was taken back: nothing is paid.",
        "Voided in Xero.",
    ]
    assert documents(told.tenant, "state") == ["voided", "in xero"]
    assert [text for _, text in log_of(told.tenant, direction="webhook")] == facts(told.tenant)
    assert log_of(told.tenant, actor="Xero", direction="poll") == []


def test_events_of_some_seconds_are_looked_into_with_one_call(told: Told) -> None:
    calls = Calls(told.xero)
    for number in ("INV-00001", "INV-00002"):
        told.xero.act("pay", document=number, amount="1.00")
        told.xero.act("pay", document=number, amount="2.00")

    told.hear()

    (call,) = calls.entries()
    assert call["query"]["ids"] == ",".join(str(one) for one in documents(told.tenant, "xero_id"))
    assert facts(told.tenant) == ["Part-paid: 3.00 of 110.00 AUD."] * 2


def test_storm_of_doubled_shuffled_and_forged_messages_changes_each_thing_once(told: Told) -> None:
    told.xero.admin("webhooks/mischief", {"duplicate": 0.5, "wrong_signature": 0.5, "shuffle": True, "seed": 7})
    for amount in ("10.00", "20.00", "30.00"):
        told.xero.act("pay", document="INV-00001", amount=amount)
        told.hear()
    told.xero.act("pay", document="INV-00002")
    told.hear()

    kinds = {one["kind"] for one in told.deliveries()}
    assert {"wrongly signed", "duplicate", "events"} <= kinds
    assert {one["problem"] for one in told.deliveries()} == {""}
    assert facts(told.tenant) == [
        "Part-paid: 10.00 of 110.00 AUD.",
        "Part-paid: 30.00 of 110.00 AUD.",
        "Part-paid: 60.00 of 110.00 AUD.",
        "Paid in full: 110.00 AUD.",
    ]


def test_told_again_changes_neither_rows_nor_log_and_calls_nobody(told: Told) -> None:
    told.xero.act("pay", document="INV-00001")
    wait_until(WebhookEvent.objects.exists)
    told.hear()
    with tenant_scope(told.tenant):
        before = (documents_whole(), AccountingLogEntry.objects.count())
    again = [stored_again(one) for one in WebhookEvent.objects.all()]
    calls = Calls(told.xero)

    tell(told, *again)
    run_queue(Queue.POLL)

    with tenant_scope(told.tenant):
        assert (documents_whole(), AccountingLogEntry.objects.count()) == before
    assert calls.made() == []


def stored_again(stored: WebhookEvent) -> dict[str, Any]:
    moment = stored.happened_at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{stored.happened_at.microsecond // 1000:03d}"
    return event(resourceId=str(stored.resource_id), eventType=stored.event_type, eventDateUtc=moment)


def documents_whole() -> list[dict[str, Any]]:
    return list(XeroDocument.objects.order_by("id").values())


def test_events_of_documents_that_are_not_ours_call_nobody_and_wait_for_nobody(told: Told) -> None:
    with tenant_scope(told.tenant):
        OrganisationLane.objects.update(lease_until=read_clock() + timedelta(seconds=180))
    calls = Calls(told.xero)

    tell(told, event(77), event(78, eventCategory="CREDITNOTE"))
    run_queue(Queue.POLL)

    assert calls.made() == []
    assert not WebhookEvent.objects.filter(settled_at=None).exists()


def test_credit_notes_event_leads_to_both_documents(told: Told) -> None:
    with tenant_scope(told.tenant):
        customer = Shipment.objects.order_by("id")[0].bill_to
    shipments(told.tenant, "-100.00", bill_to=customer)
    send_all(told.tenant)
    told.hear()

    told.xero.act("allocate", document="CN-00001", invoice=str(documents(told.tenant, "xero_id")[0]))
    told.hear()

    assert documents(told.tenant, "money_state") == ["credited", "unpaid", "credited"]
    assert documents(told.tenant, "amount_credited")[::2] == [Decimal("110.00")] * 2


@pytest.mark.parametrize("category", ["PREPAYMENT", "OVERPAYMENT"])
def test_money_on_account_asks_for_all_changes(told: Told, category: str) -> None:
    """The event names the overpayment and not the invoice that it settles."""
    with tenant_scope(told.tenant):
        WorkItem.objects.all().delete()

    tell(told, event(77, eventCategory=category))
    route_events(0.0)

    assert process(told.tenant) is None
    with tenant_scope(told.tenant):
        assert WorkItem.objects.get(kind=CHECK_PAYMENTS).next_at <= read_clock()


def test_contact_that_is_archived_and_renamed_is_so_here(told: Told) -> None:
    assert change_contact(told, "rename_contact", name="Renamed Produce") == ("Renamed Produce", True, False)
    assert change_contact(told, "archive_contact") == ("Renamed Produce", False, True)
    assert change_contact(told, "unarchive_contact") == ("Renamed Produce", True, True)


def change_contact(told: Told, act: str, **wish: str) -> tuple[str, bool, bool]:
    """Of the linked one: its name, whether it is active, and whether shipments are checked anew; by one call."""
    with tenant_scope(told.tenant):
        contact_id = str(ContactLink.objects.get().contact_id)
        WorkItem.objects.filter(kind=ASSESS_SHIPMENTS).delete()
    calls = Calls(told.xero)
    told.xero.act(act, contact=contact_id, **wish)

    told.hear()

    assert calls.made() == ["GET Contacts"]
    with tenant_scope(told.tenant):
        contact = ReferenceRecord.objects.get(kind="contact", key=contact_id)
        return contact.name, contact.is_active, WorkItem.objects.filter(kind=ASSESS_SHIPMENTS).exists()


def test_large_heap_is_taken_in_turns(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_events, "DOCUMENTS_IN_A_TURN", 1)
    told.xero.admin("webhooks", {})
    tell(told, of_document(told, 0), of_document(told, 1))
    calls = Calls(told.xero)

    again = process(told.tenant)

    assert again is not None
    assert again.at <= read_clock()
    assert calls.made() == ["GET Invoices"]
    assert WebhookEvent.objects.filter(settled_at=None).count() == 1
    assert process(told.tenant) is None


@pytest.mark.parametrize(
    "fault", [{"fault": "lost_answer"}, {"fault": "error", "status": 503}, {"fault": "html"}], ids=str
)
def test_trouble_keeps_the_events_until_they_are_looked_into(told: Told, fault: dict[str, Any]) -> None:
    told.xero.act("pay", document="INV-00001")
    wait_until(lambda: told.subscription()["pending"] == 0)
    told.xero.fault(**fault, path="/Invoices", times=1)

    again = process(told.tenant)

    assert again is not None
    assert again.at > read_clock() + timedelta(seconds=20)
    assert facts(told.tenant) == []
    with tenant_scope(told.tenant):
        OrganisationLane.objects.update(paused_until=None)
    assert process(told.tenant) is None
    assert facts(told.tenant) == ["Paid in full: 110.00 AUD."]


def test_busy_lane_is_waited_for(told: Told) -> None:
    tell(told, of_document(told, 0))
    with tenant_scope(told.tenant):
        OrganisationLane.objects.update(lease_until=read_clock() + timedelta(seconds=180))

    again = process(told.tenant)

    assert again is not None
    assert timedelta(0) < again.at - read_clock() < timedelta(seconds=5)


def test_events_of_a_lost_connection_wait_for_the_next_one(told: Told) -> None:
    told.xero.act("pay", document="INV-00001")
    wait_until(lambda: told.subscription()["pending"] == 0)
    with tenant_scope(told.tenant):
        XeroConnection.objects.update(status="needs reconnect")
    assert process(told.tenant) is None
    with tenant_scope(told.tenant):
        XeroConnection.objects.update(status="connected")

    assert process(told.tenant) is None

    assert facts(told.tenant) == ["Paid in full: 110.00 AUD."]


def test_old_reading_that_comes_late_is_not_applied(told: Told) -> None:
    """Xero's reads may lag behind its own events."""
    told.xero.act("pay", document="INV-00001")
    paid_at = told.xero.now()
    told.hear()
    told.xero.act("unpay", document="INV-00001")
    told.hear()
    tell(told, of_document(told, 0, eventDateUtc="2026-03-02T09:31:00"))
    calls = Calls(told.xero)

    told.xero.fault("read_lag", seconds=(told.xero.now() - paid_at).total_seconds(), path="/Invoices")
    run_queue(Queue.POLL)

    (call,) = calls.entries()
    assert "'Status': 'PAID'" in str(call)
    assert documents(told.tenant, "money_state") == ["unpaid", "unpaid"]
    assert len(facts(told.tenant)) == 2


def quiet_ones() -> QuerySet[AccountingLogEntry]:
    return AccountingLogEntry.objects.filter(has_news=False)


def test_event_after_which_nothing_is_different_stands_in_the_log_apart(told: Told) -> None:
    tell(told, of_document(told, 0), event(resourceId=str(uuid4())))
    process(told.tenant)
    tell(told, of_document(told, 0, eventDateUtc="2026-03-02T09:31:00"), event(resourceId=str(uuid4())))

    process(told.tenant)

    with tenant_scope(told.tenant):
        entry = quiet_ones().latest("id")
    assert entry.text.startswith("Xero told of 2 invoices since ")
    assert re.search(r" AE[DS]T: nothing new\.$", entry.text)
    assert (entry.direction, entry.result, entry.event) == ("webhook", "info", "nothing new")
    assert [(call["method"], call["status"]) for call in entry.details["calls"]] == [("GET", 200)]


def test_event_of_a_strangers_document_says_that_nothing_was_asked(told: Told) -> None:
    told.hear()
    tell(told, event(resourceId=str(uuid4())))

    process(told.tenant)

    with tenant_scope(told.tenant):
        entry = quiet_ones().latest("id")
    assert re.search(r" AE[DS]T: none came from here, so nothing was asked\.$", entry.text)
    assert entry.details == {"calls": []}


def test_events_are_kept_as_long_as_xero_may_repeat_them(told: Told) -> None:
    tell(told, of_document(told, 0), of_document(told, 1))
    first, second = WebhookEvent.objects.order_by("id")
    now = read_clock()
    WebhookEvent.objects.filter(pk=first.pk).update(received_at=now - timedelta(days=33), settled_at=now)
    WebhookEvent.objects.filter(pk=second.pk).update(received_at=now - timedelta(days=31))

    process(told.tenant)

    assert list(WebhookEvent.objects.all()) == [second]

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.xero_sandbox.webhooks.event_bodies import signed
from tests.xero_sandbox.company_client import Company
from tests.xero_sandbox.document_calls import post, with_id
from tests.xero_sandbox.sandbox_process import SandboxProcess
from tests.xero_sandbox.webhook_receiver import KEY, WebhookReceiver


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    made = WebhookReceiver()
    yield made
    made.stop()


@pytest.fixture
def listening(sandbox: SandboxProcess, receiver: WebhookReceiver) -> WebhookReceiver:
    """A receiver that has passed the intent to receive."""
    subscribe(sandbox, receiver)
    receiver.wait_for(lambda: status(sandbox) == "OK")
    receiver.received.clear()
    return receiver


def subscribe(sandbox: SandboxProcess, receiver: WebhookReceiver, **more: Any) -> None:
    sandbox.admin("webhooks", {"url": receiver.url, "key": KEY} | more)


def subscription(sandbox: SandboxProcess) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.admin("webhooks")["subscriptions"][0]
    return found


def told(sandbox: SandboxProcess) -> int:
    """How many deliveries have had their answer."""
    return len(sandbox.admin("webhooks")["log"])


def status(sandbox: SandboxProcess) -> str:
    return str(subscription(sandbox)["status"])


def test_signature_is_the_documented_one() -> None:
    body = b'{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3r4Nd0mt3xt"}'

    assert signed(body, KEY) == "wcOLdy5OczU/5w5H8lzkPt8JdwIxZ8V5IrhHyLlMz3M="


def test_intent_to_receive_is_rightly_and_wrongly_signed(sandbox: SandboxProcess, receiver: WebhookReceiver) -> None:
    subscribe(sandbox, receiver)
    receiver.wait_for(lambda: status(sandbox) != "PENDING")

    assert status(sandbox) == "OK"
    assert [is_valid for is_valid, _ in receiver.received] == [True, False, True, False]
    message = receiver.received[0][1]
    assert (message["events"], message["firstEventSequence"], message["lastEventSequence"]) == ([], 0, 0)
    assert len(message["entropy"]) == 20


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("says 200 to everything", "status 200 where 401 was wanted"),
        ("answers with a body", "the answer has a body"),
        ("sets a cookie", "the answer sets a cookie"),
    ],
)
def test_intent_is_not_passed(sandbox: SandboxProcess, receiver: WebhookReceiver, fault: str, problem: str) -> None:
    if fault == "says 200 to everything":
        receiver.verdict = lambda _: 200
    elif fault == "answers with a body":
        receiver.body = b"thanks"
    else:
        receiver.cookie = "a=b"

    subscribe(sandbox, receiver)
    receiver.wait_for(lambda: status(sandbox) != "PENDING")

    assert status(sandbox) == "DISABLED"
    assert problem in {told["problem"] for told in sandbox.admin("webhooks")["log"]}


def test_nobody_there_is_not_passed(sandbox: SandboxProcess, receiver: WebhookReceiver) -> None:
    sandbox.admin("webhooks", {"url": "http://127.0.0.1:9/", "key": KEY})
    receiver.wait_for(lambda: status(sandbox) != "PENDING")

    assert status(sandbox) == "DISABLED"


def test_invoice_tells_of_its_creation_and_change(au: Company, listening: WebhookReceiver) -> None:
    invoice = au.invoice()
    post(au, with_id(invoice, Status="AUTHORISED"))
    listening.wait_for(lambda: len(listening.events) == 2)

    first = listening.events[0]
    assert [event["eventType"] for event in listening.events] == ["CREATE", "UPDATE"]
    assert list(first) == [
        "resourceUrl", "resourceId", "tenantId", "tenantType", "eventCategory", "eventType", "eventDateUtc",
    ]  # fmt: skip
    assert first["resourceUrl"] == f"https://api.xero.com/api.xro/2.0/Invoices/{invoice['InvoiceID']}"
    assert (first["tenantId"], first["tenantType"]) == (au.organisation_id, "ORGANISATION")
    assert (first["eventCategory"], len(first["eventDateUtc"])) == ("INVOICE", len("2025-12-02T00:44:09.923"))


def test_sequences_count_on(au: Company, listening: WebhookReceiver) -> None:
    for _ in range(3):
        au.invoice()
    listening.wait_for(lambda: len(listening.events) == 3)

    sequences = [(message["firstEventSequence"], message["lastEventSequence"]) for _, message in listening.received]
    assert sequences[0][0] == 1
    assert sequences[-1][1] == 3


def test_credit_notes_carry_data_and_contacts_do_not(au: Company, listening: WebhookReceiver) -> None:
    lines = [{"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "200"}]
    sent = {"Type": "ACCRECCREDIT", "Contact": {"Name": "Brand New"}, "LineItems": lines}

    au.put("CreditNotes", sent)
    listening.wait_for(lambda: len(listening.events) == 2)

    by_category = {event["eventCategory"]: event for event in listening.events}
    assert by_category["CREDITNOTE"]["data"] == {"Type": "ACCRECCREDIT", "Status": "DRAFT"}
    assert "data" not in by_category["CONTACT"]


def test_quotes_items_accounts_and_payments_stay_silent(
    sandbox: SandboxProcess, au: Company, listening: WebhookReceiver
) -> None:
    lines = [{"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "200"}]
    au.put("Quotes", {"Contact": {"Name": "Coral Coast Imports"}, "Date": "2026-11-20", "LineItems": lines})
    au.put("Items", {"Code": "SILENT"})
    sandbox.act("archive_account", account="201")
    sandbox.act("set_tax_rate_status", tax_type="EXEMPTCAPITAL", status="DELETED")
    invoice = au.invoice(Status="AUTHORISED")
    sandbox.act("pay", document=invoice["InvoiceID"], amount="1")
    post(au, with_id(invoice, Reference="the end"))
    listening.wait_for(lambda: len(listening.events) >= 2)

    assert [(event["eventCategory"], event["eventType"]) for event in listening.events] == [
        ("INVOICE", "CREATE"), ("INVOICE", "UPDATE"),
    ]  # fmt: skip


def test_payment_tells_of_its_invoice_by_switch(
    sandbox: SandboxProcess, au: Company, listening: WebhookReceiver
) -> None:
    sandbox.switch(payment_sends_invoice_event=True)
    invoice = au.invoice(Status="AUTHORISED")

    sandbox.act("pay", document=invoice["InvoiceID"])

    listening.wait_for(lambda: len(listening.events) == 2)


def test_only_wanted_categories_of_connected_organisations(
    sandbox: SandboxProcess, receiver: WebhookReceiver, au: Company
) -> None:
    subscribe(sandbox, receiver, categories=["CONTACT"])
    receiver.wait_for(lambda: status(sandbox) == "OK")
    receiver.received.clear()

    sandbox.act("rename_contact", "GB", contact="Dales Cheese Company", name="Dales Cheese Co")
    au.invoice()
    sandbox.act("rename_contact", contact="Yarra Valley Wines", name="Yarra Wines")
    receiver.wait_for(lambda: len(receiver.events) == 1)

    assert (receiver.events[0]["eventCategory"], receiver.events[0]["tenantId"]) == ("CONTACT", au.organisation_id)


def test_refused_delivery_is_retried_at_once_and_then_every_quarter_of_an_hour(
    sandbox: SandboxProcess, au: Company, listening: WebhookReceiver
) -> None:
    listening.verdict = lambda _: 500
    au.invoice()
    listening.wait_for(lambda: told(sandbox) == 4 + 2)
    sandbox.advance(14 * 60)
    listening.verdict = lambda is_valid: 200 if is_valid else 401
    sandbox.advance(2 * 60)
    listening.wait_for(lambda: subscription(sandbox)["pending"] == 0)

    assert [event["eventType"] for event in listening.events] == ["CREATE"] * 3
    assert [told["kind"] for told in sandbox.admin("webhooks")["log"]][4:] == ["events", "first retry", "events"]


def test_after_a_day_of_failures_the_subscription_is_disabled_and_replays_when_it_comes_back(
    sandbox: SandboxProcess, au: Company, listening: WebhookReceiver
) -> None:
    listening.verdict = lambda _: 500
    au.invoice()
    tries = 4 + 2
    listening.wait_for(lambda: told(sandbox) == tries)
    while status(sandbox) == "OK":
        tries += 2
        sandbox.advance(15 * 60)
        listening.wait_for(lambda wanted=tries: told(sandbox) == wanted)
    disabled = status(sandbox)
    listening.received.clear()
    listening.verdict = lambda is_valid: 200 if is_valid else 401

    subscribe(sandbox, listening)
    listening.wait_for(lambda: len(listening.events) == 1)

    assert (disabled, tries) == ("DISABLED", 4 + 2 + 96 * 2)
    assert listening.events[0]["eventType"] == "CREATE"


def test_duplicates_wrong_signatures_and_another_order(
    sandbox: SandboxProcess, au: Company, listening: WebhookReceiver
) -> None:
    mischief = {"duplicate": 1.0, "wrong_signature": 1.0, "shuffle": True, "hold": 9, "seed": 3}
    sandbox.admin("webhooks/mischief", mischief)
    created = [au.invoice()["InvoiceID"] for _ in range(10)]
    listening.wait_for(lambda: len(listening.received) == 3)

    order = [event["resourceId"] for event in listening.events]
    assert [is_valid for is_valid, _ in listening.received] == [False, True, True]
    assert order[:10] == order[10:]
    assert (order[:10] != created, sorted(order[:10])) == (True, sorted(created))


def test_storm_of_any_events_can_be_sent(sandbox: SandboxProcess, listening: WebhookReceiver) -> None:
    events = [{"resourceId": str(number), "eventCategory": "INVOICE"} for number in range(120)]

    sandbox.admin("webhooks/events", {"events": events})
    listening.wait_for(lambda: len(listening.events) == 120)

    assert [event["resourceId"] for event in listening.events] == [str(number) for number in range(120)]
    assert [len(message["events"]) for _, message in listening.received] == [50, 50, 20]


def test_unsubscribed_app_hears_nothing(sandbox: SandboxProcess, au: Company, listening: WebhookReceiver) -> None:
    sandbox.admin("webhooks", {})
    au.invoice()

    assert sandbox.admin("webhooks")["subscriptions"] == []
    assert listening.received == []


def test_unknown_mischief_is_refused(sandbox: SandboxProcess) -> None:
    assert sandbox.http("POST", "/_sandbox/webhooks/mischief", json_body={"fire": 1}).status == 400

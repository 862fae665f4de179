"""Money comes back: what a person does in Xero is seen here, once, whatever is told twice. Real HTTP."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Again, Queue, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import CHECK_PAYMENTS, COMPARE_LEDGERS
from integrations.connection.quiet_connection import end_quiet
from integrations.lanes.app_calls import CHUNKS, Chunk
from integrations.models import AccountingLogEntry, ConnectionSettings, OrganisationLane, XeroConnection, XeroDocument
from integrations.payments import fetch_settlements
from integrations.payments.poll_changes import check_payments
from invoices.models import Shipment
from tests.sending import Calls, company, documents, log_of, send_all, shipments
from tests.xero_company import run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
# Of these a quarter say whose rows are meant; each of the two calls costs seven, what the log says of them one,
# and what is written back of a document, which went past Django's count before, one.
LITTLE = 45
MONEY = ("money_state", "amount_paid", "amount_credited", "amount_due")


@pytest.fixture
def sent(tenant: Tenant, xero: SandboxProcess) -> Tenant:
    """Two invoices over 110.00 in Xero."""
    company(tenant, xero)
    shipments(tenant, "100.00", "100.00")
    send_all(tenant)
    return tenant


def check(tenant: Tenant) -> Again | None:
    with tenant_scope(tenant):
        connection_id = XeroConnection.objects.get().pk
    return check_payments(Work(tenant_id=tenant.pk, subject_id=connection_id))


def money(tenant: Tenant) -> tuple[Any, ...]:
    """Of the first invoice, checked anew."""
    check(tenant)
    state, *amounts = documents(tenant, *MONEY)[0]
    return (state, *(str(amount) for amount in amounts))


def events(tenant: Tenant) -> list[str]:
    told = {"payment", "payment taken back", "voided in xero", "approved in xero"}
    return [text for event, text in log_of(tenant) if event in told]


def shown(tenant: Tenant) -> set[str]:
    with tenant_scope(tenant):
        return set(Shipment.objects.values_list("money_state", flat=True))


def test_reading_that_finds_nothing_new_asks_the_database_little(sent: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of organisations are asked, and nearly always nothing has happened."""
    later = read_clock() + timedelta(hours=1)
    monkeypatch.setitem(CHUNKS, settings.XERO_CLIENT_ID, Chunk(left=10, void_at=later))
    with tenant_scope(sent):
        XeroConnection.objects.update(payments_checked_at=later)
    check(sent)

    with CaptureQueriesContext(connection) as queries:
        check(sent)

    asked = [query["sql"] for query in queries if query["sql"] not in {"BEGIN", "COMMIT"}]
    assert len(asked) <= LITTLE, asked


def test_check_without_news_stands_in_the_log_apart(sent: Tenant, xero: SandboxProcess) -> None:
    check(sent)
    with tenant_scope(sent):
        before = AccountingLogEntry.objects.count()

    check(sent)

    with tenant_scope(sent):
        entry = AccountingLogEntry.objects.latest("id")
        assert AccountingLogEntry.objects.count() == before + 1
    assert (entry.has_news, entry.direction, entry.event) == (False, "poll", "nothing new")
    assert re.fullmatch(
        r"Asked what changed since .+ AE[DS]T: \d+ invoices? and \d+ credit notes? came, nothing new\.", entry.text
    )
    calls = [(call["method"], call["path"].partition("?")[0], call["status"]) for call in entry.details["calls"]]
    assert [(method, path) for method, path, _ in calls] == [("GET", "/Invoices"), ("GET", "/CreditNotes")]
    assert {status for *_, status in calls} <= {200, 304}


def test_check_with_news_says_them_alone(sent: Tenant, xero: SandboxProcess) -> None:
    check(sent)
    xero.act("pay", document="INV-00001")
    with tenant_scope(sent):
        before = AccountingLogEntry.objects.count()

    check(sent)

    with tenant_scope(sent):
        new = AccountingLogEntry.objects.order_by("id")[before:]
        assert [(entry.event, entry.has_news) for entry in new] == [("payment", True)]


def test_payment_is_seen_as_it_grows_and_shrinks(sent: Tenant, xero: SandboxProcess) -> None:
    assert money(sent) == ("unpaid", "0.00", "0.00", "110.00")

    first = xero.act("pay", document="INV-00001", amount="40.00", date="2026-11-20")["payment"]
    assert money(sent) == ("part-paid", "40.00", "0.00", "70.00")
    assert documents(sent, "payments")[0] == [
        {"id": first, "date": "2026-11-20", "amount": "40.00", "kind": "payment", "number": ""}
    ]

    xero.act("pay", document="INV-00001", date="2026-11-21")
    assert money(sent) == ("paid", "110.00", "0.00", "0.00")
    assert [one["amount"] for one in documents(sent, "payments")[0]] == ["40.00", "70.00"]
    assert documents(sent, "xero_status", "fully_paid_date")[0][0] == "PAID"

    xero.act("unpay", document="INV-00001", payment=first)
    assert money(sent) == ("part-paid", "70.00", "0.00", "40.00")
    assert [one["amount"] for one in documents(sent, "payments")[0]] == ["70.00"]

    xero.act("unpay", document="INV-00001")
    assert money(sent) == ("unpaid", "0.00", "0.00", "110.00")
    assert documents(sent, "payments", "fully_paid_date")[0] == ([], None)
    assert events(sent) == [
        "Part-paid: 40.00 of 110.00 AUD.",
        "Paid in full: 110.00 AUD.",
        "40.00 AUD was taken back: 70.00 of 110.00 AUD is paid.",
        "70.00 AUD was taken back: nothing is paid.",
    ]


def test_shipments_show_what_is_paid(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("pay", document="INV-00001")
    check(sent)
    half = shown(sent)

    xero.act("pay", document="INV-00002")
    check(sent)

    assert (half, shown(sent)) == ({"paid", "unpaid"}, {"paid"})


def test_credited_invoice_is_told_apart_from_a_paid_one(sent: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(sent):
        customer = Shipment.objects.order_by("id")[0].bill_to
    shipments(sent, "-100.00", bill_to=customer)
    send_all(sent)
    invoice = str(documents(sent, "xero_id")[0])

    xero.act("allocate", document="CN-00001", invoice=invoice)

    assert money(sent) == ("credited", "0.00", "110.00", "0.00")
    assert documents(sent, "number", "money_state") == [
        ("INV-00001", "credited"),
        ("INV-00002", "unpaid"),
        ("CN-00001", "credited"),
    ]
    (applied,), _, (allocated,) = documents(sent, "payments")
    assert (applied["kind"], applied["number"], applied["amount"]) == ("credit note", "CN-00001", "110.00")
    assert (allocated["kind"], allocated["number"], allocated["amount"]) == ("allocation", "INV-00001", "110.00")
    assert events(sent) == ["Credited in full: 110.00 AUD.", "Used in full: 110.00 AUD."]


def test_payment_and_credit_together_settle_an_invoice(sent: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(sent):
        customer = Shipment.objects.order_by("id")[0].bill_to
    shipments(sent, "-50.00", bill_to=customer)
    send_all(sent)
    xero.act("allocate", document="CN-00001", invoice=str(documents(sent, "xero_id")[0]))
    assert money(sent) == ("part-paid", "0.00", "55.00", "55.00")

    xero.act("pay", document="INV-00001")

    assert money(sent) == ("paid", "55.00", "55.00", "0.00")
    assert events(sent) == [
        "Part-paid: 55.00 of 110.00 AUD, 55.00 of it by credit.",
        "Used in full: 55.00 AUD.",
        "Paid in full: 110.00 AUD, 55.00 of it by credit.",
    ]


def test_refunded_credit_note_is_paid_and_freed_again(sent: Tenant, xero: SandboxProcess) -> None:
    shipments(sent, "-100.00")
    send_all(sent)
    xero.act("pay", document="CN-00001", amount="30.00")
    check(sent)
    assert documents(sent, "money_state", "amount_paid", "amount_due")[2] == (
        "part-paid", Decimal("30.00"), Decimal("80.00"),
    )  # fmt: skip

    xero.act("unpay", document="CN-00001")
    check(sent)

    assert documents(sent, "money_state", "amount_paid", "amount_due")[2] == (
        "unpaid", Decimal("0.00"), Decimal("110.00"),
    )  # fmt: skip
    assert events(sent) == [
        "Part-used: 30.00 of 110.00 AUD.",
        "30.00 AUD of it is free again: 0.00 of 110.00 AUD is used.",
    ]


def test_payment_replaced_by_another_of_the_same_amount_is_shown_and_not_told_again(
    sent: Tenant, xero: SandboxProcess
) -> None:
    xero.act("pay", document="INV-00001", amount="40.00", date="2026-11-20")
    check(sent)
    xero.act("unpay", document="INV-00001")
    xero.act("pay", document="INV-00001", amount="40.00", date="2026-11-21")

    check(sent)

    assert [one["date"] for one in documents(sent, "payments")[0]] == ["2026-11-21"]
    assert events(sent) == ["Part-paid: 40.00 of 110.00 AUD."]


def test_voided_invoice_is_gone_and_its_shipment_shows_it(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("void", document="INV-00001")

    check(sent)

    assert documents(sent, "state", "xero_status", "money_state")[0] == ("voided", "VOIDED", "")
    assert events(sent) == ["Voided in Xero."]
    with tenant_scope(sent):
        assert list(Shipment.objects.order_by("id").values_list("accounting_state", flat=True)) == ["voided", "in xero"]


def test_same_news_twice_changes_nothing(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("pay", document="INV-00001", amount="40.00")
    check(sent)
    before = (documents(sent, "money_state", "payments", "changed_in_xero_at"), log_of(sent))

    for _ in range(3):
        check(sent)

    assert (documents(sent, "money_state", "payments", "changed_in_xero_at"), log_of(sent)) == before


def test_news_of_documents_that_are_not_ours_is_left_alone(sent: Tenant, xero: SandboxProcess) -> None:
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 1, "AccountCode": "200", "TaxType": "OUTPUT"}
    fields = {
        "Type": "ACCREC", "Status": "AUTHORISED", "Contact": {"Name": "Murray River Produce"}, "LineItems": [line],
    }  # fmt: skip
    by_hand = xero.act("create_document", fields=fields)["document"]
    xero.act("pay", document=by_hand)

    check(sent)

    assert documents(sent, "money_state") == ["unpaid", "unpaid"]
    assert events(sent) == []


def test_checking_costs_one_call_for_each_list_and_one_for_the_details(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("pay", document="INV-00001", amount="40.00")
    calls = Calls(xero)

    check(sent)

    assert calls.made() == ["GET Invoices", "GET CreditNotes", "GET Invoices"]
    with tenant_scope(sent):
        assert XeroConnection.objects.get().payments_checked_at is not None


def test_check_asks_for_what_changed_since_the_last_with_an_overlap(sent: Tenant, xero: SandboxProcess) -> None:
    check(sent)
    with tenant_scope(sent):
        checked_at = XeroConnection.objects.get().payments_checked_at
        assert checked_at is not None
    calls = Calls(xero)

    check(sent)

    asked = {one["headers"]["if-modified-since"] for one in calls.entries()}
    assert asked == {(checked_at - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%S")}


def test_long_list_is_read_page_by_page(sent: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.connection.read_from_xero.PAGE_SIZE", 1)
    xero.act("pay", document="INV-00001")
    xero.act("pay", document="INV-00002")
    calls = Calls(xero)

    check(sent)

    pages = [one["query"]["page"] for one in calls.entries(path="Invoices") if "ids" not in one["query"]]
    assert pages == ["1", "2", "3"]
    assert documents(sent, "money_state") == ["paid", "paid"]


def test_details_of_many_are_asked_for_in_bundles(
    sent: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_settlements, "IDS_IN_A_CALL", 1)
    xero.act("pay", document="INV-00001")
    xero.act("pay", document="INV-00002")

    check(sent)

    assert [len(payments) for payments in documents(sent, "payments")] == [1, 1]


@pytest.mark.parametrize("answer", ["304", "200"])
def test_nothing_new_is_no_trouble(sent: Tenant, xero: SandboxProcess, answer: str) -> None:
    xero.switch(nothing_changed=answer)
    with tenant_scope(sent):
        XeroConnection.objects.update(payments_checked_at=read_clock() + timedelta(hours=1))

    again = check(sent)

    assert again is not None
    assert events(sent) == []


def test_next_check_is_by_the_rules(sent: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(sent):
        ConnectionSettings.objects.update(check_payments_minutes=45)

    again = check(sent)

    assert again is not None
    assert timedelta(minutes=44) < again.at - read_clock() <= timedelta(minutes=45)


def read_all(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind__in=[CHECK_PAYMENTS, COMPARE_LEDGERS]).update(next_at=read_clock())
    run_queue(Queue.POLL)


def test_where_nothing_is_open_it_is_asked_once_a_day_until_something_is_sent(
    sent: Tenant, xero: SandboxProcess
) -> None:
    for number in ("INV-00001", "INV-00002"):
        xero.act("pay", document=number)
    read_all(sent)
    assert waits(sent) == []
    with tenant_scope(sent):
        XeroDocument.objects.update(sent_at=read_clock() - timedelta(days=8))
    read_all(sent)
    assert waits(sent) == [CHECK_PAYMENTS, COMPARE_LEDGERS]

    shipments(sent, "100.00")
    send_all(sent)

    assert waits(sent) == []


def test_check_under_way_while_something_is_sent_is_not_put_off_for_a_day(sent: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(sent):
        connection, now = XeroConnection.objects.get(), read_clock()
        WorkItem.objects.filter(kind=CHECK_PAYMENTS).update(next_at=now, lease_until=now + timedelta(minutes=3))
        asked = WorkItem.objects.get(kind=CHECK_PAYMENTS).asked_id

        end_quiet(connection.pk, now=now)

        again = WorkItem.objects.get(kind=CHECK_PAYMENTS)
    # Who does it at the moment finds it asked for anew, and leaves the moment as it is.
    assert (again.asked_id != asked, again.next_at - now) == (True, timedelta(minutes=15))


def waits(tenant: Tenant) -> list[str]:
    """What is not planned for the next hour."""
    with tenant_scope(tenant):
        later = WorkItem.objects.filter(next_at__gt=read_clock() + timedelta(hours=1))
        return [kind for kind in (CHECK_PAYMENTS, COMPARE_LEDGERS) if later.filter(kind=kind).exists()]


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "lost_answer"},
        {"fault": "truncated"},
        {"fault": "html"},
        {"fault": "error", "status": 503},
        {"fault": "throttled", "retry_after": 30},
        {"fault": "unauthorised"},
    ],
    ids=lambda fault: fault["fault"],
)
def test_failed_check_begins_again_where_the_last_good_one_ended(
    sent: Tenant, xero: SandboxProcess, fault: dict[str, Any]
) -> None:
    check(sent)
    with tenant_scope(sent):
        before = XeroConnection.objects.get().payments_checked_at
    xero.act("pay", document="INV-00001")
    xero.fault(**fault, path="/Invoices", times=1)

    again = check(sent)

    assert again is not None
    assert timedelta(seconds=20) < again.at - read_clock() <= timedelta(seconds=31)
    with tenant_scope(sent):
        assert XeroConnection.objects.get().payments_checked_at == before
        OrganisationLane.objects.update(paused_until=None, minute_left=60)
    assert money(sent) == ("paid", "110.00", "0.00", "0.00")


def test_lost_connection_ends_the_checking_until_somebody_reconnects(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("disconnect")

    assert check(sent) is not None
    assert check(sent) is None


def test_check_waits_while_the_lane_is_paused_or_held(sent: Tenant, xero: SandboxProcess) -> None:
    now = read_clock()
    with tenant_scope(sent):
        OrganisationLane.objects.update(paused_until=now + timedelta(seconds=40), pause_reason="busy")
    paused = check(sent)
    with tenant_scope(sent):
        OrganisationLane.objects.update(paused_until=None, lease_until=now + timedelta(seconds=180))
    held = check(sent)

    assert paused is not None
    assert paused.at == now + timedelta(seconds=40)
    assert held is not None
    assert timedelta(0) < held.at - now < timedelta(seconds=5)


def test_polling_leaves_the_last_calls_of_a_day_to_people(sent: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(sent):
        OrganisationLane.objects.update(day_left=100, day_limit=1000)
    calls = Calls(xero)

    again = check(sent)

    assert again is not None
    assert again.at > read_clock() + timedelta(minutes=50)
    assert calls.made() == []


def test_checking_leaves_the_outbox_as_due_as_it_was(sent: Tenant, xero: SandboxProcess) -> None:
    due = read_clock() - timedelta(seconds=1)
    with tenant_scope(sent):
        OrganisationLane.objects.update(next_at=due)

    check(sent)

    with tenant_scope(sent):
        lane = OrganisationLane.objects.get()
    assert (lane.next_at, lane.lease_until) == (due, None)


def test_status_that_nobody_knows_does_not_stop_the_checking(sent: Tenant, xero: SandboxProcess) -> None:
    xero.fault("unknown_enum", path="/Invoices")

    again = check(sent)

    assert again is not None
    assert documents(sent, "money_state", "amount_due")[0] == ("", Decimal("110.00"))

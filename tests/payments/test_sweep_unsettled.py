"""What the list of changes never told is found by asking for each open document. Real HTTP."""

from datetime import timedelta

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import OrganisationLane, XeroConnection
from integrations.payments import fetch_settlements, sweep_unsettled
from integrations.payments.poll_changes import check_payments
from tests.sending import Calls, company, documents, log_of, send_all, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]


@pytest.fixture
def sent(tenant: Tenant, xero: SandboxProcess) -> Tenant:
    """Two invoices and two credit notes over 110.00 in Xero, each for a customer of its own."""
    company(tenant, xero)
    for price in ("100.00", "100.00", "-100.00", "-100.00"):
        shipments(tenant, price)
    send_all(tenant)
    return tenant


def sweep(tenant: Tenant, cursor: int = 0) -> Again | None:
    with tenant_scope(tenant):
        connection_id = XeroConnection.objects.get().pk
    return sweep_unsettled.sweep_unsettled(Work(tenant_id=tenant.pk, subject_id=connection_id, cursor=cursor))


def sweep_all(tenant: Tenant) -> Again:
    """Until the next one is a day away."""
    cursor = 0
    while again := sweep(tenant, cursor):
        if again.cursor == 0:
            return again
        cursor = again.cursor
    pytest.fail("it ended for ever")


def test_everything_open_is_brought_up_to_date_whatever_polling_missed(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("pay", document="INV-00001")
    xero.act("void", document="INV-00002")
    xero.act("pay", document="CN-00001", amount="40.00")
    before = len(log_of(sent))

    again = sweep_all(sent)

    assert documents(sent, "money_state", "state") == [
        ("paid", "in xero"), ("", "voided"), ("part-paid", "in xero"), ("unpaid", "in xero"),
    ]  # fmt: skip
    assert [text for _, text in log_of(sent)[before:]] == [
        "Paid in full: 110.00 AUD.", "Voided in Xero.", "Part-used: 40.00 of 110.00 AUD.",
    ]  # fmt: skip
    assert timedelta(hours=23) < again.at - read_clock() <= timedelta(days=1)


def test_one_call_asks_for_many_and_settled_ones_are_not_asked_for(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("pay", document="INV-00001")
    calls = Calls(xero)

    sweep_all(sent)
    first = calls.made()
    calls.forget()
    sweep_all(sent)

    assert first == ["GET Invoices", "GET CreditNotes"]
    (invoices, _notes) = calls.entries()
    assert invoices["query"]["ids"] == str(documents(sent, "xero_id")[1])


def test_bundles_are_as_large_as_an_address_takes(
    sent: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_settlements, "IDS_IN_A_CALL", 1)
    monkeypatch.setattr(fetch_settlements, "NOTES_IN_A_CALL", 1)
    calls = Calls(xero)

    sweep_all(sent)

    assert calls.made() == ["GET Invoices"] * 2 + ["GET CreditNotes"] * 2


def test_turns_are_short_and_go_on_where_the_last_one_stopped(
    sent: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_unsettled, "DOCUMENTS_IN_A_TURN", 1)
    xero.act("pay", document="INV-00002")

    first = sweep(sent)
    assert first is not None
    second = sweep(sent, first.cursor)
    assert second is not None

    assert [first.cursor, second.cursor] == documents(sent, "pk")[:2]
    assert documents(sent, "money_state")[:2] == ["unpaid", "paid"]


def test_trouble_keeps_the_place(sent: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(sent):
        until = read_clock() + timedelta(seconds=40)
        OrganisationLane.objects.update(paused_until=until, pause_reason="busy")
    cursor = documents(sent, "pk")[0]

    assert sweep(sent, cursor) == Again(at=until, cursor=cursor)


def test_sweep_leaves_the_last_calls_of_a_day_to_people(sent: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(sent):
        OrganisationLane.objects.update(day_left=100, day_limit=1000)
    calls = Calls(xero)

    again = sweep(sent)

    assert again is not None
    assert again.at > read_clock() + timedelta(minutes=50)
    assert calls.made() == []


def test_lost_connection_ends_it_until_payments_are_checked_again(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("disconnect")

    assert sweep(sent) is not None
    assert sweep(sent) is None


def test_checking_payments_sets_it_going_and_leaves_it_where_it_is(sent: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(sent):
        WorkItem.objects.all().delete()
        connection_id = XeroConnection.objects.get().pk
    work = Work(tenant_id=sent.pk, subject_id=connection_id)
    check_payments(work)
    with tenant_scope(sent):
        (first,) = WorkItem.objects.filter(kind=sweep_unsettled.SWEEP_UNSETTLED)

    check_payments(work)

    with tenant_scope(sent):
        (second,) = WorkItem.objects.filter(kind=sweep_unsettled.SWEEP_UNSETTLED)
    assert first.subject_id == connection_id
    assert first.next_at <= read_clock()
    assert (second.asked_id, second.next_at) == (first.asked_id, first.next_at)

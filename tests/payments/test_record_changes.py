"""Older news, doubled news and news of strangers change nothing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import MoneyState
from integrations.models import AccountingLogEntry, XeroConnection, XeroDocument
from integrations.payments.record_changes import known_documents, record_changes
from integrations.payments.settlement import Settlement
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
OURS = UUID(int=7)
PAID = Settlement(
    xero_id=str(OURS), status="PAID", money_state=MoneyState.PAID, amount_due=Decimal("0.00"),
    amount_paid=Decimal("110.00"), amount_credited=Decimal("0.00"), fully_paid_date=NOW.date(), changed_at=NOW,
    payments=({"id": "p", "date": "2026-03-02", "amount": "110.00"},),
)  # fmt: skip
UNPAID = replace(
    PAID, status="AUTHORISED", money_state=MoneyState.UNPAID, amount_due=Decimal("110.00"), amount_paid=Decimal("0.00"),
    fully_paid_date=None, payments=None,
)  # fmt: skip


@pytest.fixture
def connection(in_tenant: Tenant) -> XeroConnection:
    return make_document()


def make_document(**changes: object) -> XeroConnection:
    connection = XeroConnection.objects.create(organisation_id=UUID(int=1), name="Harbour", **changes)
    XeroDocument.objects.create(
        connection=connection, kind="sales invoice", identity="X", state="in xero", xero_id=OURS,
        xero_status="AUTHORISED", money_state="unpaid", currency="AUD", total=Decimal("110.00"), number="INV-1",
    )  # fmt: skip
    return connection


def state() -> tuple[str, str, int]:
    document = XeroDocument.objects.get()
    return document.money_state, document.xero_status, AccountingLogEntry.objects.count()


def test_news_is_written_down_and_told(connection: XeroConnection) -> None:
    changed = record_changes(connection.pk, [PAID], now=NOW)

    document, entry = XeroDocument.objects.get(), AccountingLogEntry.objects.get()
    assert changed == 1
    assert (document.money_state, document.fully_paid_date, document.changed_in_xero_at) == ("paid", NOW.date(), NOW)
    assert document.payments == [{"id": "p", "date": "2026-03-02", "amount": "110.00"}]
    assert (entry.text, entry.actor, entry.document) == ("Paid in full: 110.00 AUD.", "Xero", document)
    assert entry.direction == "poll"


def test_same_news_in_one_answer_and_the_next_counts_once(connection: XeroConnection) -> None:
    record_changes(connection.pk, [PAID], now=NOW)

    assert record_changes(connection.pk, [PAID], now=NOW) == 0
    assert state() == ("paid", "PAID", 1)


def test_older_news_is_not_applied(connection: XeroConnection) -> None:
    record_changes(connection.pk, [PAID], now=NOW)

    record_changes(connection.pk, [replace(UNPAID, changed_at=NOW - timedelta(seconds=1))], now=NOW)

    assert state() == ("paid", "PAID", 1)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=1)])
def test_news_of_the_same_second_or_later_is_applied(connection: XeroConnection, later: timedelta) -> None:
    record_changes(connection.pk, [PAID], now=NOW)

    record_changes(connection.pk, [replace(UNPAID, changed_at=NOW + later)], now=NOW)

    assert state() == ("unpaid", "AUTHORISED", 2)
    assert XeroDocument.objects.get().payments == []


def test_same_news_twice_in_one_answer_counts_once(connection: XeroConnection) -> None:
    changed = record_changes(connection.pk, [PAID, PAID], now=NOW)

    assert (changed, state()) == (1, ("paid", "PAID", 1))


def test_newer_moment_alone_keeps_older_news_out(connection: XeroConnection) -> None:
    """Paid and taken back between two looks: the amounts are what they were, the payment's own news is old."""
    taken_back = replace(UNPAID, changed_at=NOW + timedelta(seconds=2))

    assert record_changes(connection.pk, [taken_back], now=NOW) == 1
    assert record_changes(connection.pk, [PAID], now=NOW) == 0

    assert state() == ("unpaid", "AUTHORISED", 0)


def test_summary_keeps_the_single_payments_that_are_known(connection: XeroConnection) -> None:
    record_changes(connection.pk, [PAID], now=NOW)

    summary = replace(PAID, amount_credited=Decimal("1.00"), payments=None)
    record_changes(connection.pk, [summary], now=NOW)

    assert len(XeroDocument.objects.get().payments) == 1


def test_deleted_draft_is_gone(connection: XeroConnection) -> None:
    gone = replace(UNPAID, status="DELETED", money_state=MoneyState.NONE)

    record_changes(connection.pk, [gone], now=NOW)

    document = XeroDocument.objects.get()
    assert (document.state, document.money_state) == ("voided", "")
    assert AccountingLogEntry.objects.get().text == "Deleted in Xero."


def test_strangers_are_not_known(connection: XeroConnection) -> None:
    stranger = replace(PAID, xero_id=str(UUID(int=8)))

    assert known_documents(connection.pk, [stranger]) == {}
    assert record_changes(connection.pk, [stranger], now=NOW) == 0


def test_document_of_another_company_is_not_touched(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        ours = make_document()
    with tenant_scope(other_tenant):
        record_changes(ours.pk, [PAID], now=NOW)

    with tenant_scope(tenant):
        assert state() == ("unpaid", "AUTHORISED", 0)

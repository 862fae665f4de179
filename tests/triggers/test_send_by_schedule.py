from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.scheduled_sends import next_run
from integrations.lanes.new_lane import make_lane
from integrations.models import (
    ChargeRule,
    ConnectionSettings,
    ReferenceRecord,
    RoutingRule,
    SendSchedule,
    TaxRule,
    XeroConnection,
)
from invoices.models import Customer, SendTriggers, Shipment
from tests.triggers.trigger_company import batches, triggers_of, work
from tests.web.page_company import Visitor, assessed, company, visitor

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {"statuses": ["invoice ready"], "mode": "every", "every_minutes": "15", "at_times": ""}
READY = {"status": "invoice ready"}


def save(person: Visitor, **changes: Any) -> str:
    answer = person.post("send_triggers", **{**RULES, **changes})
    return answer.content.decode()


def its_time_comes(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        SendSchedule.objects.update(next_run_at=read_clock())
        WorkItem.objects.filter(kind="send by schedule").update(next_at=read_clock())
    work()


def minutes_left(tenant: Tenant) -> float:
    with tenant_scope(tenant):
        (item,) = WorkItem.objects.filter(kind="send by schedule")
        return (item.next_at - read_clock()).total_seconds() / 60


def test_schedule_sends_what_is_ready_at_the_status_and_puts_itself_off(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    assessed(tenant, number="SHP-1", **READY)
    assessed(tenant, number="SHP-2", status="booked")
    assessed(tenant, number="SHP-3", incoterm="", **READY)

    save(admin)
    assert minutes_left(tenant) == pytest.approx(15, abs=0.5)
    work()
    assert batches(tenant) == []
    its_time_comes(tenant)
    its_time_comes(tenant)

    assert batches(tenant) == [("FreightBridge", "schedule", [("SHP-1", "handed over")])]
    assert minutes_left(tenant) == pytest.approx(15, abs=0.5)


def test_page_tells_the_last_run_what_stayed_and_the_next(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    assessed(tenant, number="SHP-1", **READY)
    assessed(tenant, 2, incoterm="", **READY)
    (held,) = assessed(tenant, **READY)
    (monthly,) = assessed(tenant, **READY)
    (marked,) = assessed(tenant, **READY)
    with tenant_scope(tenant):
        Customer.objects.filter(pk=held.bill_to_id).update(own_sending="never")
        Customer.objects.filter(pk=monthly.bill_to_id).update(grouping="monthly")
        Shipment.objects.filter(pk=marked.pk).update(do_not_send_reason="on hold")
    before = admin.text("send_triggers")

    save(admin)
    its_time_comes(tenant)
    page = admin.text("send_triggers")

    assert "none: the schedule is off" in before
    assert "/o/acme-freight/sends/1/" in page
    assert "1 document" in page
    assert "<strong>2</strong> shipments: " in page
    assert "<strong>1</strong> shipment: The customer is only sent by a person." in page
    assert "which is not complete yet." in page
    assert "<strong>1</strong> shipment: Marked as do not send." in page


def test_run_now_sends_at_once_even_where_the_schedule_is_off(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, number="SHP-1", **READY)

    operator.post("schedule_run_now")
    work()

    assert batches(tenant) == [("FreightBridge", "schedule", [("SHP-1", "handed over")])]
    with tenant_scope(tenant):
        assert SendSchedule.objects.get().next_run_at is None
        assert not WorkItem.objects.filter(kind="send by schedule").exists()


def test_schedule_that_is_switched_off_sends_nothing_more(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    assessed(tenant, **READY)
    save(admin)

    save(admin, mode="off")
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind="send by schedule").update(next_at=read_clock())
    work()

    assert batches(tenant) == []
    with tenant_scope(tenant):
        assert not WorkItem.objects.filter(kind="send by schedule").exists()


def test_run_while_disconnected_is_told_and_the_next_one_comes(tenant: Tenant, admin: Visitor) -> None:
    connection = company(tenant)
    assessed(tenant, **READY)
    save(admin)
    status(tenant, connection, "disconnected")

    its_time_comes(tenant)

    assert "connect one" in admin.text("send_triggers")
    assert minutes_left(tenant) == pytest.approx(15, abs=0.5)
    status(tenant, connection, "connected")
    assert "Harbour &amp; Hinterland was not connected" in admin.text("send_triggers")


def status(tenant: Tenant, connection: XeroConnection, status: str) -> None:
    with tenant_scope(tenant):
        XeroConnection.objects.filter(pk=connection.pk).update(status=status)


def test_each_organisation_has_a_schedule_of_its_own(tenant: Tenant, admin: Visitor) -> None:
    default, other = company(tenant), second_organisation(tenant)
    with tenant_scope(tenant):
        RoutingRule.objects.create(connection=other, position=1, branch="Lyttelton")
    assessed(tenant, number="SHP-1", **READY)
    assessed(tenant, number="SHP-2", branch="Lyttelton", **READY)
    assessed(tenant, number="SHP-3", branch="Lyttelton", incoterm="", **READY)

    save(admin, for_organisation=str(other.public_id), mode="at times", at_times="17:00")
    operator = visitor(tenant, "operator")
    operator.post("schedule_run_now", for_organisation=str(other.public_id))
    work()

    assert batches(tenant) == [("FreightBridge", "schedule", [("SHP-2", "handed over")])]
    with tenant_scope(tenant):
        (schedule,) = SendSchedule.objects.all()
    assert schedule.connection_id == other.pk
    assert [held["count"] for held in schedule.last_held] == [1]
    assert "By schedule, to Lyttelton Books" not in admin.text("send_triggers")
    admin.post("choose_organisation", organisation=other.public_id)
    assert "By schedule, to Lyttelton Books" in admin.text("send_triggers")
    admin.post("choose_organisation", organisation=default.public_id)
    assert "Choose at least one" in save(admin, mode="off", statuses=[])


def second_organisation(tenant: Tenant) -> XeroConnection:
    with tenant_scope(tenant):
        other = XeroConnection(
            organisation_id=uuid4(), name="Lyttelton Books", base_currency="AUD", country="NZ",
            time_zone="Pacific/Auckland", connected_at=read_clock(), reference_data_at=read_clock(), is_default=False,
        )  # fmt: skip
        other.identity_key = "secret"
        other.save()
        make_lane(other, now=read_clock())
        # Ruled in all like the first.
        for model in (ConnectionSettings, ReferenceRecord, ChargeRule, TaxRule):
            for row in model.objects.all():
                row.pk, row.public_id, row.connection, row._state.adding = None, uuid4(), other, True
                row.save()
        return other


def test_rules_are_kept_with_before_and_after(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    save(admin, statuses=["delivered", "closed"], mode="at times", at_times="17:30, 8:00 17.30", is_automatic="on")

    triggers = triggers_of(tenant)
    with tenant_scope(tenant):
        schedule = SendSchedule.objects.get()
        event = AuditEvent.objects.get(subject_id=schedule.public_id)
    assert (triggers.statuses, schedule.at_times, triggers.is_automatic) == (
        ["delivered", "closed"], ["08:00", "17:30"], True,
    )  # fmt: skip
    assert event.details["Schedule"]["after"] == "At set times of the day"
    assert event.details["Times of the day"] == {"before": "", "after": "08:00, 17:30"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mode": "at times"}, "Say at which times."),
        ({"mode": "at times", "at_times": "25:00"}, "25:00 is no time of the day; write it as 17:30."),
        ({"mode": "at times", "at_times": "-" + "9" * 30}, "is no time of the day; write it as 17:30."),
        ({"every_minutes": "0"}, "Between 1 and 1440 minutes."),
        ({"statuses": []}, "Choose at least one, or nothing can go by itself."),
        ({"statuses": ["lost at sea"]}, "Select a valid choice."),
    ],
)
def test_rules_that_make_no_sense_are_refused(
    tenant: Tenant, admin: Visitor, changes: dict[str, Any], sentence: str
) -> None:
    company(tenant)

    page = save(admin, **changes)

    assert sentence in page
    with tenant_scope(tenant):
        assert not SendTriggers.objects.exists()
        assert not SendSchedule.objects.exists()


def test_operator_sees_the_rules_and_may_not_change_them(tenant: Tenant, operator: Visitor) -> None:
    assert "to manage sending rules takes Admin" in operator.text("send_triggers")
    assert operator.post("send_triggers", **RULES).status_code == 403


SYDNEY = ZoneInfo("Australia/Sydney")


@pytest.mark.parametrize(
    ("mode", "at", "now", "expected"),
    [
        ("off", [], datetime(2026, 3, 2, 9, tzinfo=UTC), None),
        ("every", [], datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        # 20:00 in Sydney, summer time.
        ("at times", [8, 17], datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 21, tzinfo=UTC)),
        ("at times", [8, 21], datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)),
        # The clocks go back in the night before 5 April 2026.
        ("at times", [8], datetime(2026, 4, 4, 9, tzinfo=UTC), datetime(2026, 4, 4, 22, tzinfo=UTC)),
        ("at times", [8], datetime(2026, 3, 1, 21, tzinfo=UTC), datetime(2026, 3, 2, 21, tzinfo=UTC)),
    ],
)
def test_next_run_is_in_the_companys_zone(
    tenant: Tenant, mode: str, at: list[int], now: datetime, expected: datetime | None
) -> None:
    with tenant_scope(tenant):
        schedule = SendSchedule(mode=mode, at_times=[f"{hour:02}:00" for hour in at])

    assert next_run(schedule, zone=SYDNEY, now=now) == expected
    assert expected is None or expected - now <= timedelta(days=1)

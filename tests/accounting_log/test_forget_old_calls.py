"""Bytes and answer of a call go after ninety days, its summary stays; the database lets nothing else happen to it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log import forget_old_calls as module
from integrations.accounting_log.forget_old_calls import FORGET_OLD_CALLS, forget_old_calls
from integrations.accounting_log.write_entry import write_entries
from integrations.models import AccountingLogEntry, SyncAttempt, SyncJob
from invoices.workflows.daily_digest import daily_digest
from tests.web.page_company import assessed, company, sent

pytestmark = pytest.mark.django_db
OLD, YOUNG = timedelta(days=91), timedelta(days=89)
UNTOUCHED = (b'{"Invoices": [{"Total": 1}]}', '{"Invoices": [{"Status": "DRAFT"}]}')
BLANKED = (b"", "")


def called(tenant: Tenant, *, ago: timedelta, **fields: Any) -> SyncAttempt:
    """A document that was sent so long ago; `fields` are the call's."""
    at = read_clock() - ago
    state = fields.pop("state", "in xero")
    call = {"sent_at": at, "finished_at": at + timedelta(seconds=2), **fields}
    before = made(tenant)
    sent(tenant, assessed(tenant), state=state, call=call)
    (new,) = [one for one in made(tenant) if one not in before]
    return new


def made(tenant: Tenant) -> list[SyncAttempt]:
    with tenant_scope(tenant):
        return list(SyncAttempt.objects.order_by("id"))


def kept(tenant: Tenant) -> list[tuple[bytes, str]]:
    return [(bytes(one.body), one.answer) for one in made(tenant)]


def forget(tenant: Tenant) -> Again | None:
    return forget_old_calls(Work(tenant_id=tenant.pk, subject_id=tenant.pk))


def test_old_call_becomes_a_summary_and_a_young_one_stays(tenant: Tenant, other_tenant: Tenant) -> None:
    for one in (tenant, other_tenant):
        company(one)
        called(one, ago=OLD)
    called(tenant, ago=YOUNG)
    before = made(tenant)[0]

    assert forget(tenant) is None

    assert kept(tenant) == [BLANKED, UNTOUCHED]
    assert kept(other_tenant) == [UNTOUCHED]
    after = made(tenant)[0]
    assert after.raw_removed_at is not None
    changed = {
        field.name
        for field in SyncAttempt._meta.concrete_fields
        if getattr(after, field.attname) != getattr(before, field.attname)
    }
    assert changed == {"body", "answer", "raw_removed_at"}
    forget(tenant)
    assert made(tenant)[0].raw_removed_at == after.raw_removed_at, "a second run changes nothing"


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "rejected", "attention"])
def test_call_of_an_unfinished_document_is_kept_whatever_its_age(tenant: Tenant, state: str) -> None:
    company(tenant)
    called(tenant, ago=OLD, state=state)

    forget(tenant)

    assert kept(tenant) == [UNTOUCHED]


def test_call_whose_end_nobody_knows_is_kept_whatever_its_age(tenant: Tenant) -> None:
    company(tenant)
    called(tenant, ago=OLD, finished_at=None, http_status=None, answer="")

    forget(tenant)

    assert kept(tenant) == [(UNTOUCHED[0], "")]


def test_each_transaction_is_bounded_and_nothing_is_left_over(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    company(tenant)
    for _ in range(3):
        called(tenant, ago=OLD)
    monkeypatch.setattr(module, "CHUNK", 1)
    monkeypatch.setattr(module, "STRETCH_SECONDS", 0)

    again = [forget(tenant) for _ in range(4)]

    assert [one is None for one in again] == [False, False, False, True]
    assert kept(tenant) == [BLANKED] * 3


def test_every_morning_asks_for_it(tenant: Tenant) -> None:
    company(tenant)

    daily_digest(Work(tenant_id=tenant.pk, subject_id=tenant.pk))

    with tenant_scope(tenant):
        assert WorkItem.objects.filter(kind=FORGET_OLD_CALLS, subject_id=tenant.pk).count() == 1


def checked(tenant: Tenant, *, ago: timedelta, has_news: bool = False) -> AccountingLogEntry:
    with tenant_scope(tenant):
        entry = AccountingLogEntry(
            at=read_clock() - ago, result="info", event="x", text=f"{ago.days} {has_news}", has_news=has_news
        )
        write_entries([entry])
        return entry


def told(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(AccountingLogEntry.objects.order_by("at", "id").values_list("text", flat=True))


def test_old_check_that_found_nothing_goes_wholly_and_all_else_stays(
    tenant: Tenant, other_tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 1)
    for one in (tenant, other_tenant):
        checked(one, ago=OLD)
    checked(tenant, ago=OLD)
    checked(tenant, ago=OLD, has_news=True)
    checked(tenant, ago=YOUNG)

    forget(tenant)

    assert told(tenant) == ["91 True", "89 False"]
    assert told(other_tenant) == ["91 False"]


@pytest.mark.parametrize(("ago", "has_news"), [(OLD, True), (YOUNG, False)])
def test_database_lets_nobody_remove_another_entry(tenant: Tenant, ago: timedelta, has_news: bool) -> None:
    entry = checked(tenant, ago=ago, has_news=has_news)

    with tenant_scope(tenant), pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        AccountingLogEntry.objects.filter(pk=entry.pk).delete()


def test_database_lets_nobody_change_an_old_check_either(tenant: Tenant) -> None:
    entry = checked(tenant, ago=OLD)

    with tenant_scope(tenant), pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        AccountingLogEntry.objects.filter(pk=entry.pk).update(text="another")


BLANK = "body = '', answer = '', raw_removed_at = clock_timestamp()"


def refused(tenant: Tenant, change: str) -> None:
    """By the app's role, by SQL."""
    with tenant_scope(tenant), pytest.raises(InternalError, match="A call is kept"), transaction.atomic():
        run(change)


def run(change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE integrations_syncattempt SET {change}")  # noqa: S608 the change is this file's


@pytest.mark.parametrize(
    "change",
    [
        BLANK,
        "body = ''",
        "answer = ''",
        "answer = 'another'",
        "body = '{}'",
        "body_sha256 = 'f'",
        "raw_removed_at = clock_timestamp()",
        "sent_at = sent_at - interval '1 year'",
        f"{BLANK}, sent_at = sent_at - interval '1 year'",
    ],
)
def test_young_call_cannot_be_blanked_or_changed(tenant: Tenant, change: str) -> None:
    company(tenant)
    called(tenant, ago=YOUNG)

    refused(tenant, change)


@pytest.mark.parametrize(
    "change",
    ["body = ''", "answer = ''", "raw_removed_at = clock_timestamp()", f"{BLANK}, body_sha256 = 'f'"],
)
def test_old_call_goes_as_a_whole_and_leaves_its_hash(tenant: Tenant, change: str) -> None:
    company(tenant)
    called(tenant, ago=OLD)

    refused(tenant, change)
    with tenant_scope(tenant):
        run(BLANK)
    for later in ("raw_removed_at = NULL", "body = 'new'", "answer = 'new'"):
        refused(tenant, later)


def test_database_keeps_old_calls_whose_end_is_not_known(tenant: Tenant) -> None:
    company(tenant)
    called(tenant, ago=OLD, state="unknown")

    refused(tenant, BLANK)

    with tenant_scope(tenant):
        SyncJob.objects.update(state="done")
        SyncAttempt.objects.update(finished_at=None, http_status=None)
    refused(tenant, BLANK)

"""How long a batch still takes, and what a page says of the lane."""

from datetime import timedelta
from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.app_calls import pause_all
from integrations.lanes.finish_estimate import Backlog
from integrations.models import OrganisationLane, SendBatch, SyncJob
from integrations.web.finish_time import backlog_of, duration_text, time_left
from tests.conftest import NOW
from tests.web.page_company import Visitor, assessed, company, sent

# Than any real clock: pages read it.
LATER = NOW + timedelta(days=4000)


def moving(tenant: Tenant, count: int = 2, **lane: Any) -> SendBatch:
    company(tenant)
    batch = sent(tenant, assessed(tenant, count), state="sending")
    with tenant_scope(tenant):
        OrganisationLane.objects.update(**lane)
    return batch


def left(tenant: Tenant, batch: SendBatch, *, way: float = 0, after: int = 0) -> str:
    with tenant_scope(tenant):
        return time_left(batch, way=way, now=NOW + timedelta(seconds=after))


def change_jobs(tenant: Tenant, **fields: Any) -> None:
    with tenant_scope(tenant):
        SyncJob.objects.update(**fields)


def test_backlog_counts_each_document_at_every_step_before_it(tenant: Tenant) -> None:
    moving(tenant, 5)
    with tenant_scope(tenant):
        jobs = list(SyncJob.objects.order_by("id"))
        changes: list[dict[str, Any]] = [
            {"step": "create"},
            {"step": "attach", "xero_id": jobs[1].public_id},
            {"step": "promote", "xero_id": jobs[2].public_id},
            {"wants_pdf": False, "target_status": "DRAFT"},
            {"state": "done"},
        ]
        for job, changed in zip(jobs, changes, strict=True):
            SyncJob.objects.filter(pk=job.pk).update(**changed)

        backlog = backlog_of(SyncJob.objects.all())

    assert backlog == Backlog(to_create=2, to_attach=2, to_promote=3)


def test_time_left_is_what_xeros_limits_allow(tenant: Tenant) -> None:
    """Two calls of the minute are for people: one to create, two PDFs and one to approve wait for the next."""
    batch = moving(tenant, minute_left=2, minute_started_at=NOW - timedelta(seconds=20))
    by_person = left(tenant, batch)
    change_jobs(tenant, priority=1)

    assert (by_person, left(tenant, batch)) == ("about 40 s left", "about 40 s left")


def test_time_left_is_guessed_by_the_way_so_far_where_that_is_slower(tenant: Tenant) -> None:
    batch = moving(tenant)

    assert left(tenant, batch, way=0.5, after=30) == "about 30 s left"
    assert left(tenant, batch, way=0.05, after=30) == ""


def test_what_was_sent_before_goes_before(tenant: Tenant) -> None:
    first = moving(tenant, 6, minute_left=2, minute_started_at=NOW - timedelta(seconds=20))
    second = sent(tenant, assessed(tenant), state="sending")
    change_jobs(tenant, priority=1)

    assert [left(tenant, batch) for batch in (first, second)] == ["about 42 s left", "about 43 s left"]


@pytest.mark.parametrize(("priority", "words"), [(1, "waiting 24 h: Nine tenths of today's calls are used"), (0, "")])
def test_bulk_waits_for_the_next_day_where_people_do_not(tenant: Tenant, priority: int, words: str) -> None:
    batch = moving(tenant, day_left=500, day_limit=5000, day_started_at=NOW)
    change_jobs(tenant, priority=priority)

    assert left(tenant, batch).startswith(words)
    assert bool(left(tenant, batch)) == bool(words)


def test_time_left_says_why_xero_makes_us_wait(tenant: Tenant) -> None:
    batch = moving(tenant, paused_until=NOW + timedelta(seconds=42), pause_reason="Xero's daily limit is used up")

    assert left(tenant, batch) == "waiting 42 s: Xero's daily limit is used up"


def test_pause_of_all_lanes_is_told_too(tenant: Tenant) -> None:
    batch = moving(tenant, paused_until=NOW + timedelta(seconds=4), pause_reason="short")
    pause_all(until=NOW + timedelta(seconds=30), reason="long")

    assert left(tenant, batch) == "waiting 30 s: long"


@pytest.mark.parametrize(
    ("lane", "words"),
    [
        (
            {"paused_until": LATER, "pause_reason": "Xero's daily limit is used up"},
            ["Xero's daily limit is used up. We go on at <time"],
        ),
        (
            {"day_left": 500, "day_limit": 5000, "heard_at": LATER, "day_started_at": LATER},
            [
                "kept for what people send by hand. What was sent in bulk goes on at <time",
                "<strong>500</strong> of 5,000",
            ],
        ),
        ({}, ["This minute: <strong>60</strong> of 60", "What is waiting will be in Xero about <time"]),
    ],
)
def test_connection_page_has_a_meter(tenant: Tenant, admin: Visitor, lane: dict[str, Any], words: list[str]) -> None:
    moving(tenant, **lane)

    page = " ".join(admin.text("xero_connection").replace("&#x27;", "'").split())

    assert [one in page for one in words] == [True] * len(words)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1 s"), (42, "42 s"), (89, "89 s"), (120, "2 min"), (3600, "60 min"), (7200, "2 h"), (86_400, "24 h")],
)
def test_durations_are_told_in_round_words(seconds: int, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text

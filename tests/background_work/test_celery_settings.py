"""Celery only wakes: what it is told to do about lost, doubled and late messages, as it really reads it."""

from typing import Any

import pytest
from django.conf import settings

from freightbridge.background_work.work_kinds import Queue
from freightbridge.celery import app
from integrations.lanes.lane_times import LaneTimes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # Losing a wake-up is harmless, storms of redelivered ones are not.
        ("task_acks_late", False),
        ("task_reject_on_worker_lost", None),
        ("task_ignore_result", True),
        ("result_backend", None),
        ("task_serializer", "json"),
        ("accept_content", ["json"]),
        ("task_time_limit", 120),
        ("task_soft_time_limit", 90),
        ("task_publish_retry", False),
        ("worker_prefetch_multiplier", 1),
        ("worker_max_tasks_per_child", 500),
        ("worker_max_memory_per_child", 400_000),
        ("worker_soft_shutdown_timeout", 30),
        ("worker_enable_soft_shutdown_on_idle", True),
        ("worker_cancel_long_running_tasks_on_connection_loss", False),
        ("broker_connection_retry_on_startup", True),
        ("broker_connection_max_retries", None),
    ],
)
def test_setting_is_as_it_was_chosen(name: str, value: Any) -> None:
    assert app.conf[name] == value


def test_broker_is_given_up_in_seconds_and_redelivers_after_an_hour() -> None:
    options = app.conf.broker_transport_options

    assert options["visibility_timeout"] == 3600
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (10, 5)
    assert options["socket_keepalive"]
    assert options["health_check_interval"] == 25
    assert options["global_keyprefix"].startswith("fb:")


def test_task_ends_before_its_lease_does() -> None:
    """Or two workers would be at the same work."""
    assert LaneTimes().lease.total_seconds() > settings.CELERY_TASK_TIME_LIMIT


def test_nothing_is_on_celerys_own_timetable() -> None:
    assert app.conf.beat_schedule == {}


def test_each_kind_of_work_has_a_queue_of_its_own() -> None:
    assert {queue.value for queue in Queue} == {"interactive", "bulk", "render", "poll"}

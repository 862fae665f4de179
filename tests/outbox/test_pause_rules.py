"""A pause holds what nothing was sent of, and nothing else."""

import random
from dataclasses import replace

import pytest

from integrations.job_states import JobState
from integrations.outbox.decide import decide
from integrations.outbox.decisions import NEVER, DecisionError
from integrations.outbox.job_events import (
    CancelRequested,
    ContactResolved,
    Mended,
    NotApplied,
    Paused,
    Rejected,
    Resumed,
)
from integrations.outbox.job_snapshot import Moment
from tests.outbox.test_decide import DONE, DRAFT, NEW, NOW, PROBLEM, REJECTED, TIMES, TO_PROMOTE, UNKNOWN

AT = Moment(now=NOW, ticks=3, times=TIMES, rng=random.Random(1))  # noqa: S311 no secret
PAUSED = decide(NEW, Paused(), AT).job


def test_paused_job_waits_for_ever() -> None:
    assert (PAUSED.state, PAUSED.paused_at, PAUSED.next_at) == (JobState.QUEUED, NOW, NEVER)


@pytest.mark.parametrize("event", [ContactResolved("c"), NotApplied(reason="Too many calls")])
def test_news_of_a_call_that_was_under_way_lets_it_wait_on(event: object) -> None:
    assert decide(PAUSED, event, AT).job.next_at == NEVER


@pytest.mark.parametrize("job", [UNKNOWN, DRAFT, TO_PROMOTE, DONE, REJECTED])
def test_what_has_begun_is_not_paused(job: object) -> None:
    with pytest.raises(DecisionError):
        decide(job, Paused(), AT)


def test_resumed_job_is_due_at_once() -> None:
    resumed = decide(PAUSED, Resumed(), AT).job

    assert (resumed.paused_at, resumed.next_at) == (None, NOW)


def test_paused_job_can_be_cancelled() -> None:
    assert decide(PAUSED, CancelRequested(), AT).job.state == JobState.CANCELLED


def test_paused_job_that_was_stopped_goes_on_when_it_is_mended() -> None:
    stopped = decide(PAUSED, Rejected((PROBLEM,)), AT).job

    mended = decide(stopped, Mended(), AT).job

    assert (mended.state, mended.paused_at, mended.next_at) == (JobState.QUEUED, None, NOW)


def test_job_of_another_batch_is_not_held() -> None:
    assert decide(replace(NEW, step="contact"), ContactResolved("c"), AT).job.next_at == NOW

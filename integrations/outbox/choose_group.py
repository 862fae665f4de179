"""Which jobs go with the next call of a lane. Pure: candidates in, their ids out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.job_states import Step

# What Xero advises for one call (developer.xero.com/documentation/best-practices, unconfirmed).
MOST_IN_A_CALL = 50
# Drafts that are ready to be approved wait so long for others that are still getting their PDFs.
FILL_WAIT = timedelta(seconds=20)
BULK_ORDER = (Step.CONTACT, Step.CREATE, Step.ATTACH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A due job, in the order in which it is to be served."""

    job_id: int
    is_interactive: bool
    goes_alone: bool
    step: str
    kind: str
    target_status: str
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Jobs for one call; empty with `wait_until` where it pays to wait for more."""

    step: str
    job_ids: tuple[int, ...]
    wait_until: datetime | None = None


def choose_group(candidates: Sequence[Candidate], *, are_more_coming: bool, now: datetime) -> Group | None:
    """
    A person's click first. Then bulk, by steps, so that calls are full: what is ready to be approved waits
    until fifty are, or until no more are coming, or until the oldest has waited long enough.
    """
    clicked = [candidate for candidate in candidates if candidate.is_interactive]
    if clicked:
        return _group_with(clicked[0], clicked)
    for step in BULK_ORDER:
        first = next((candidate for candidate in candidates if candidate.step == step), None)
        if first is not None:
            return _group_with(first, candidates)
    if not candidates:
        return None
    return _promotion(candidates, are_more_coming=are_more_coming, now=now)


def _promotion(candidates: Sequence[Candidate], *, are_more_coming: bool, now: datetime) -> Group:
    oldest = candidates[0]
    group = _group_with(oldest, candidates)
    ripe_at = oldest.next_at + FILL_WAIT
    if are_more_coming and len(group.job_ids) < MOST_IN_A_CALL and now < ripe_at:
        return Group(step=group.step, job_ids=(), wait_until=ripe_at)
    return group


def _group_with(first: Candidate, candidates: Sequence[Candidate]) -> Group:
    """An attachment is a call of its own; contacts of all kinds of documents may go together."""
    if first.step == Step.ATTACH or first.goes_alone:
        return Group(step=first.step, job_ids=(first.job_id,))
    fitting = [
        candidate.job_id for candidate in candidates if _key(candidate) == _key(first) and not candidate.goes_alone
    ]
    return Group(step=first.step, job_ids=tuple(fitting[:MOST_IN_A_CALL]))


def _key(candidate: Candidate) -> tuple[str, ...]:
    if candidate.step == Step.CONTACT:
        return (candidate.step,)
    return (candidate.step, candidate.kind, candidate.target_status)

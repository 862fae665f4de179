"""Which jobs go with the next call of a lane. Pure: candidates in, their ids out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.job_states import Step
from integrations.lanes.fair_shares import Share

# What Xero advises for one call (developer.xero.com/documentation/best-practices, unconfirmed).
MOST_IN_A_CALL = 50
# So many jobs are told their contact together, where that is known.
MOST_CONTACTS = 500
# Contacts of the whole lot first, so that those in Xero are read once. Then each fifty goes all its way before the
# next are created: what was sent first is done first, and few drafts stand about.
BULK_ORDER = (Step.CONTACT, Step.ATTACH, Step.UPDATE, Step.VOID, Step.ALLOCATE, Step.NOTE, Step.CREATE)
ALONE = {Step.ALLOCATE, Step.NOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A due job, in the order in which it is to be served."""

    job_id: int
    goes_alone: bool
    step: str
    kind: str
    target_status: str
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Jobs for one call, or for a round of files; none until `wait_until` where it pays to wait for more."""

    step: str
    job_ids: tuple[int, ...]
    wait_until: datetime | None = None


def choose_group(
    candidates: Sequence[Candidate],
    *,
    share: Share,
    fill: timedelta,
    are_more_coming: bool,
    now: datetime,
    most_files: int = 1,
) -> Group | None:
    """
    Candidates of one share; `most_files` of them may go in one round, each in a call of its own. What a person clicked
    goes in its order. Bulk goes by steps, so that calls are full: what is ready to be approved waits until fifty are,
    or until no more are coming, or until the oldest has waited for `fill`.
    """
    if not candidates:
        return None
    if share == Share.INTERACTIVE:
        return _group_with(candidates[0], candidates, most_files=most_files)
    promotion = _promotion(candidates, fill=fill if are_more_coming else timedelta(), now=now)
    if promotion is not None and promotion.job_ids:
        return promotion
    for step in BULK_ORDER:
        first = next((candidate for candidate in candidates if candidate.step == step), None)
        if first is not None:
            return _group_with(first, candidates, most_files=most_files)
    return promotion


def _promotion(candidates: Sequence[Candidate], *, fill: timedelta, now: datetime) -> Group | None:
    """Those that wait longest; empty with `wait_until` where it pays to wait for more."""
    oldest = next((candidate for candidate in candidates if candidate.step == Step.PROMOTE), None)
    if oldest is None:
        return None
    group, ripe_at = _group_with(oldest, candidates), oldest.next_at + fill
    if len(group.job_ids) < MOST_IN_A_CALL and now < ripe_at:
        return Group(step=group.step, job_ids=(), wait_until=ripe_at)
    return group


def _group_with(first: Candidate, candidates: Sequence[Candidate], *, most_files: int = 1) -> Group:
    """Contacts of all kinds of documents may go together, and files of all kinds in one round."""
    if first.step in ALONE or first.goes_alone:
        return Group(step=first.step, job_ids=(first.job_id,))
    fitting = [
        candidate.job_id for candidate in candidates if _key(candidate) == _key(first) and not candidate.goes_alone
    ]
    most = {Step.ATTACH: most_files, Step.CONTACT: MOST_CONTACTS}.get(Step(first.step), MOST_IN_A_CALL)
    return Group(step=first.step, job_ids=tuple(fitting[:most]))


def _key(candidate: Candidate) -> tuple[str, ...]:
    if candidate.step in {Step.CONTACT, Step.ATTACH}:
        return (candidate.step,)
    return (candidate.step, candidate.kind, candidate.target_status)

"""Which jobs of a lane go with its next call, and for whom that call counts."""

from dataclasses import dataclass
from datetime import datetime

from freightbridge.current_times import current_times
from integrations.job_states import Step
from integrations.lanes.choose_share import choose_share
from integrations.lanes.claim_lane import HeldLane
from integrations.lanes.fair_shares import Share
from integrations.lanes.lane_times import LaneTimes
from integrations.models import OrganisationLane
from integrations.outbox.choose_group import Candidate, Group, choose_group
from integrations.outbox.due_jobs import are_more_coming, due_candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class NextGroup:
    """
    `group` None: nothing goes now; `wait_until`: what is due already must wait so long. `wants_look`: what became of
    something sent is looked up first.
    """

    group: Group | None = None
    share: Share = Share.BULK
    wait_until: datetime | None = None
    wants_look: bool = False


def next_group(
    held: HeldLane, lane: OrganisationLane, *, clicks_only: bool, most_files: int, now: datetime
) -> NextGroup:
    """
    In `held_lane`, whose `lane` it is. `clicks_only`: nothing where no person waits; where one does, bulk keeps its
    turns. `most_files`: in one round, as long as nobody else waits; else turns are taken call by call.
    """
    due = due_candidates(held, now=now)
    most = most_files if sum(map(bool, due.values())) == 1 else 1
    groups = {share: _group_of(held, share, some, most_files=most, now=now) for share, some in due.items()}
    ready = {share: group for share, group in groups.items() if group is not None and group.job_ids}
    if clicks_only and Share.INTERACTIVE not in ready:
        return NextGroup()
    turn = choose_share(lane, ready, now=now)
    if turn.share is not None:
        return NextGroup(group=ready[turn.share], share=turn.share)
    moments = [turn.wait_until, *(group.wait_until for group in groups.values() if group is not None)]
    return NextGroup(wait_until=min((one for one in moments if one is not None), default=None))


def _group_of(
    held: HeldLane, share: Share, candidates: list[Candidate], *, most_files: int, now: datetime
) -> Group | None:
    promotes = share == Share.BULK and any(candidate.step == Step.PROMOTE for candidate in candidates)
    more = promotes and _are_more_coming(held, candidates)
    fill = current_times(LaneTimes).fill
    return choose_group(candidates, share=share, fill=fill, are_more_coming=more, now=now, most_files=most_files)


def _are_more_coming(held: HeldLane, candidates: list[Candidate]) -> bool:
    """Those that are due already tell it without a question, which each call of a long send would repeat."""
    return any(candidate.step != Step.PROMOTE for candidate in candidates) or are_more_coming(held)

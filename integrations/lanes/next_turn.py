"""Whose call is the next one of a lane, and whether it may be made now. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from integrations.lanes.call_budget import CallBudget
from integrations.lanes.fair_shares import Share, Spent, next_share
from integrations.lanes.lane_times import LaneTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`share` None: nobody's, until `wait_until`; which is None too where nobody waits."""

    share: Share | None = None
    wait_until: datetime | None = None


def next_turn(
    waiting: Collection[Share], spent: Spent, budget: CallBudget, *, now: datetime, times: LaneTimes
) -> tuple[Turn, Spent]:
    """Who must wait for a limit lets the others go first. Beside the turn, the round that it belongs to."""
    able, moments = set(waiting), []
    while able:
        share, rounds = next_share(able, spent)
        is_on_line = Share.INTERACTIVE not in waiting
        wait_until = budget.wait_until(now, share, times=times, is_on_line=is_on_line)
        if wait_until is None:
            return Turn(share=share), rounds
        moments.append(wait_until)
        able.remove(share)
    return Turn(wait_until=min(moments, default=None)), spent

"""
Whose turn it is in a lane: what a person just clicked, what was sent in bulk, or polling. Pure.

Rounds of four, two and one: as long as all three wait, bulk gets two calls of seven, so more than a fifth of any
minute. Whoever took more than a turn, as a long reading does, sits out the rounds that pay for it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum


class Share(StrEnum):
    """In the order in which they go within a round."""

    INTERACTIVE = "interactive"
    BULK = "bulk"
    POLL = "poll"


WEIGHTS = {Share.INTERACTIVE: 4, Share.BULK: 2, Share.POLL: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Calls of each share in the round that is going on, and what is owed of earlier ones."""

    interactive: int = 0
    bulk: int = 0
    poll: int = 0

    def of(self, share: Share) -> int:
        count: int = getattr(self, share.value)
        return count

    def plus(self, share: Share) -> "Spent":
        return replace(self, **{share.value: self.of(share) + 1})

    def next_round(self) -> "Spent":
        return Spent(**{share.value: max(0, self.of(share) - WEIGHTS[share]) for share in Share})

    def has_turn(self, share: Share) -> bool:
        return self.of(share) < WEIGHTS[share]


def next_share(waiting: Collection[Share], spent: Spent) -> tuple[Share, Spent]:
    """Whose call is next, and the round it belongs to. Raises ValueError where nobody waits."""
    if not waiting:
        raise ValueError("Nobody waits for a turn.")
    while True:
        for share in Share:
            if share in waiting and spent.has_turn(share):
                return share, spent
        spent = spent.next_round()

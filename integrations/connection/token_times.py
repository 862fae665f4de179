"""
How long tokens live and what is done when. Pure.

Xero: an access token lives 30 minutes, a refresh token 60 days, and one that was used works for 30 minutes more
(developer.xero.com/documentation/guides/oauth2/token-types).
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenTimes:
    # One of Xero's, which tells the life of a token in seconds.
    second: timedelta = timedelta(seconds=1)
    # Before the access token expires, so that nobody waits for a refresh under way.
    early: timedelta = timedelta(minutes=5)
    # A little more than the refresh's own time-out.
    lease: timedelta = timedelta(seconds=30)
    # Whoever finds a refresh under way, and no token that is good meanwhile, looks again after this.
    look_again: timedelta = timedelta(seconds=5)
    first_retry: timedelta = timedelta(seconds=5)
    second_retry: timedelta = timedelta(seconds=15)
    later_retry: timedelta = timedelta(minutes=1)
    # From then on no used token works any more, so there is no hurry.
    grace: timedelta = timedelta(minutes=30)
    slow_retry: timedelta = timedelta(minutes=5)
    previous_kept: timedelta = timedelta(minutes=35)
    alarm: timedelta = timedelta(minutes=10)
    keep_alive: timedelta = timedelta(days=7)
    consent: timedelta = timedelta(days=60)
    look_in: timedelta = timedelta(days=1)

    def expiry(self, now: datetime, *, expires_in: int) -> datetime:
        """`expires_in`: Xero's seconds."""
        return now + expires_in * self.second

    def retry_at(self, now: datetime, *, failures: int, since: datetime) -> datetime:
        """After so many failures in a row, the first of them begun at `since`: 5, 15, then 60 seconds later."""
        if now - since >= self.grace:
            return now + self.slow_retry
        first = {1: self.first_retry, 2: self.second_retry}
        return now + first.get(failures, self.later_retry)

    def keep_alive_at(self, refreshed_at: datetime, *, seed: int) -> datetime:
        """Within a week; not everybody's at the same moment after a day on which many connected."""
        return refreshed_at + self.keep_alive * _share(seed, refreshed_at)

    def look_in_at(self, now: datetime, *, seed: int) -> datetime:
        """Within a day."""
        return now + self.look_in * _share(seed, now)


def _share(seed: int, moment: datetime) -> float:
    """Between three quarters and the whole."""
    return random.Random(f"{seed} {moment.isoformat()}").uniform(0.75, 1.0)  # noqa: S311 spreads, keeps no secret

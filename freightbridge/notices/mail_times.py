"""How long a mail server that fails is waited for. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTimes:
    """After `give_up` the news is none any more; what is older than `keep` is forgotten."""

    first_retry: timedelta = timedelta(seconds=30)
    longest_retry: timedelta = timedelta(minutes=30)
    give_up: timedelta = timedelta(hours=24)
    keep: timedelta = timedelta(days=90)


def next_mail_try(refused_count: int, *, made_at: datetime, now: datetime, times: MailTimes) -> datetime | None:
    """After so many refusals, each wait twice the one before. None: it was tried long enough."""
    if now - made_at >= times.give_up:
        return None
    return now + min(times.longest_retry, times.first_retry * 2 ** min(refused_count - 1, 20))

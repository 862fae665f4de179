"""How long lanes wait for what. Pure."""

from dataclasses import dataclass, field
from datetime import timedelta

from freightbridge.scaled_times import LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneTimes:
    # One of Xero's, which speaks of waiting in seconds.
    second: timedelta = timedelta(seconds=1)
    # Longer than the longest call of a turn, so that only a dead worker loses its lane. However fast time runs, the
    # shortest call with which work can be done at all fits in.
    lease: timedelta = field(default=timedelta(seconds=180), metadata={LEAST: timedelta(seconds=3)})
    # Xero's windows.
    minute: timedelta = timedelta(minutes=1)
    day: timedelta = timedelta(days=1)
    # After Xero itself has failed, doubling.
    first_outage: timedelta = timedelta(seconds=5)
    longest_outage: timedelta = timedelta(minutes=5)
    # Added to what Xero asks for after a limit, so that lanes do not come back as one.
    jitter: timedelta = timedelta(seconds=2)
    # Between two lanes that come back after an outage.
    resume_gap: timedelta = timedelta(milliseconds=100)
    # While Xero says that the app's common limit is nearly used up.
    app_rest: timedelta = timedelta(seconds=5)
    # Drafts that are ready to be approved wait so long for others that still get their PDFs: fifty take a minute.
    fill: timedelta = timedelta(seconds=60)
    # How long the outbox makes room for a reading that found the lane busy, and how long it is remembered.
    poll_room: timedelta = timedelta(seconds=4)
    poll_asked: timedelta = timedelta(seconds=30)
    # What was heard of the day's limit so long ago is worth one call to hear it again.
    day_doubt: timedelta = timedelta(hours=1)

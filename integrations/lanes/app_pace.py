"""
The limit that all organisations have together: ten thousand calls a minute for each app. Pure.

Workers take calls in chunks, so that the one row for them all is not written at every call. A chunk is no larger than
what one worker uses up while it lives: of what it lets go void nobody has anything.
In no minute, wherever Xero begins it, more than 9,700 calls can be made: the rate for a minute and for as long as a
chunk lives, what may be ahead of the rate, and one chunk (developer.xero.com/documentation/guides/oauth2/limits).
"""

from datetime import datetime, timedelta

from integrations.lanes.lane_times import LaneTimes

CALLS_A_MINUTE = 9000
CHUNK = 10
# So many calls may be ahead of the rate, and a chunk is void after so many parts of a minute.
AHEAD, LIFE = 200, 1 / 20
# Xero's header counts other installations under the same client id too: with so few left, all lanes rest.
LEAST_LEFT = 250


def take_chunk(paced_until: datetime | None, *, now: datetime, times: LaneTimes) -> datetime | None:
    """`paced_until` after a chunk was taken; None: there is none at the moment."""
    paced = max(paced_until or now, now)
    if paced - now > AHEAD * call_gap(times):
        return None
    return paced + CHUNK * call_gap(times)


def call_gap(times: LaneTimes) -> timedelta:
    return times.minute / CALLS_A_MINUTE


def chunk_life(times: LaneTimes) -> timedelta:
    return times.minute * LIFE

"""
How many files go in one round: their intents committed together, sent one after the other, their outcomes likewise.

A round is short, so that a click waits no longer for it than for one slow call, and what is sent last in it is well
within the time that may pass between an intent and its call. So it grows with the pace at which Xero was last seen to
take files: where a call takes long, what we write for it is nothing, and it goes by itself. Pure.
"""

ROUND_SECONDS = 1.0
MOST_FILES = 50
# They are in memory together.
MOST_FILE_BYTES = 10_000_000


def files_of_round(calls: int, seconds: float) -> int:
    """After so many files took so long to send, one after the other."""
    if calls == 0:
        return 1
    return max(1, min(MOST_FILES, int(ROUND_SECONDS * calls / max(seconds, 0.001))))

"""Waits until workers have done what was asked of them."""

import time
from collections.abc import Callable

POLL_SECONDS = 0.2


class WorkersTooSlowError(Exception):
    """Something was not done in the time it was given."""


def wait_until(is_done: Callable[[], bool], *, what: str, seconds: float) -> None:
    """Raises WorkersTooSlowError."""
    deadline = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > deadline:
            raise WorkersTooSlowError(f"{what} took longer than {seconds:.0f} seconds.")
        time.sleep(POLL_SECONDS)

"""Keeps whoever asks and whoever answers on one core, so that parts of a millisecond can be compared."""

import os

from django.db import connections


def stay_on_one_core(*aliases: str) -> None:
    """
    This process, and the servers of its open connections, which are on this machine. One that wakes up on another core
    finds nothing of its own in that one's cache: a third more or less, by chance. Only Linux can do that.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    core = {max(os.sched_getaffinity(0))}
    os.sched_setaffinity(0, core)
    for alias in aliases:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        os.sched_setaffinity(pid, core)

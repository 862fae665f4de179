"""No-op tasks in rounds: the worker is stopped while they are queued, and timed from when it goes on."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from redis import Redis

from freightbridge.environment import CHECKOUT

NOOP_TASKS = "tests.benchmarks.noop_tasks"
QUIET = ("--loglevel=error", "--without-gossip", "--without-mingle", "--without-heartbeat")
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class CeleryRounds:
    noop: Any
    redis: Any
    prefix: str
    worker: "subprocess.Popen[bytes]"

    def tasks_a_second(self, count: int) -> float:
        self.worker.send_signal(signal.SIGSTOP)
        for _ in range(count):
            self.noop.delay()
        began = time.perf_counter()
        self.worker.send_signal(signal.SIGCONT)
        self.wait_until_empty()
        return count / (time.perf_counter() - began)

    def wait_until_empty(self) -> None:
        """No task waits, and none has been taken and not begun."""
        give_up_at = time.monotonic() + PATIENCE
        while self.redis.llen(f"{self.prefix}noop") or self.redis.hlen(f"{self.prefix}unacked"):
            assert time.monotonic() < give_up_at, "the Celery worker does nothing"
            time.sleep(0.002)


@contextmanager
def celery_worker(url: str, *, children: int) -> Iterator[CeleryRounds]:
    """One that has done a first few tasks already. Raises AssertionError where it does nothing."""
    prefix = f"noop:{secrets.token_hex(4)}:"
    os.environ |= {"REDIS_URL": url, "NOOP_PREFIX": prefix}
    from tests.benchmarks.noop_tasks import noop  # noqa: PLC0415 it reads the environment

    command = [sys.executable, "-m", "celery", "-A", NOOP_TASKS, "worker", *QUIET, "-Q", "noop", "-c", str(children)]
    # Its greeting is no figure of ours.
    worker = subprocess.Popen(command, cwd=CHECKOUT, start_new_session=True, stdout=sys.stderr)
    try:
        with Redis.from_url(url) as redis:
            rounds = CeleryRounds(noop, redis, prefix, worker)
            for _ in range(10 * children):
                noop.delay()
            rounds.wait_until_empty()
            yield rounds
            redis.delete(*redis.keys(f"{prefix}*"))
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

"""Carries the plan of harm out, round after round, until it is told to stop; then nothing is broken any more."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from redis.exceptions import RedisError

from tests.campaigns.fault_campaign.campaign_processes import CampaignProcesses
from tests.campaigns.fault_campaign.campaign_servers import CampaignServers
from tests.campaigns.fault_campaign.chaos_plan import Blow, Harm, plan_round

POLL_SECONDS = 0.05
# Dead programs are started again after so long, as a supervisor would.
REVIVE_SECONDS = 0.5


class Chaos(threading.Thread):
    """`counts`: how often each harm was done. `heal` ends it; whatever made it fail is raised there."""

    def __init__(
        self, processes: CampaignProcesses, servers: CampaignServers, *, workers: list[str], web: str, documents: int,
        seed: int,
    ) -> None:  # fmt: skip
        super().__init__(name="chaos", daemon=True)
        self.counts: Counter[Harm] = Counter()
        self.rounds = 0
        self._processes, self._servers = processes, servers
        self._workers, self._web = workers, web
        self._documents, self._rng = documents, random.Random(f"chaos {seed}")  # noqa: S311 repeatable on purpose
        self._stopping = threading.Event()
        self._acting = threading.Lock()
        self._held_seconds = 0.0
        self._asleep: list[tuple[float, int]] = []
        self._revive_at = 0.0
        self._failure: Exception | None = None

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._one_round(plan_round(self._documents, rng=self._rng))
                self.rounds += 1
        except Exception as error:  # noqa: BLE001 told by `heal`, in the thread that waits for it
            self._failure = error

    def heal(self) -> None:
        """Raises what the thread died of."""
        self._stopping.set()
        self.join()
        self._mend()
        if self._failure is not None:
            raise self._failure

    @contextmanager
    def held(self) -> Iterator[None]:
        """All runs and nothing is broken meanwhile, and what ends is not started again. Then the round goes on."""
        with self._acting:
            began = time.monotonic()
            self._mend()
            yield
            self._held_seconds += time.monotonic() - began

    def _mend(self) -> None:
        self._wake(until=float("inf"))
        self._servers.start_database()
        self._servers.start_redis()
        self._processes.revive()

    def _one_round(self, blows: list[Blow]) -> None:
        began = self._now()
        for blow in blows:
            while self._now() < began + blow.at:
                with self._acting:
                    self._look_after()
                if self._stopping.wait(POLL_SECONDS):
                    return
            with self._acting:
                if HARMS[blow.harm](self, blow):
                    self.counts[blow.harm] += 1

    def _now(self) -> float:
        """Of the round, for which the time stands still while it is held."""
        return time.monotonic() - self._held_seconds

    def _look_after(self) -> None:
        now = time.monotonic()
        self._wake(until=now)
        if now >= self._revive_at:
            self._processes.revive()
            self._revive_at = now + REVIVE_SECONDS

    def _wake(self, *, until: float) -> None:
        for at, pid in [one for one in self._asleep if one[0] <= until]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
            self._asleep.remove((at, pid))

    def _kill_child(self, blow: Blow) -> bool:
        return self._signal(self._some_child(self._workers, blow), signal.SIGKILL)

    def _kill_web(self, blow: Blow) -> bool:
        return self._signal(self._some_child([self._web], blow), signal.SIGKILL)

    def _stop_child(self, blow: Blow) -> bool:
        pid = self._some_child(self._workers, blow)
        is_done = self._signal(pid, signal.SIGSTOP)
        if is_done and pid is not None:
            self._asleep.append((time.monotonic() + blow.lasts, pid))
        return is_done

    def _kill_worker(self, blow: Blow) -> bool:
        name = self._workers[int(blow.chance * len(self._workers))]
        if not self._processes.is_running(name):
            return False
        self._processes.kill(name)
        self._revive_at = time.monotonic() + blow.lasts
        return True

    def _flush(self, _blow: Blow) -> bool:
        with suppress(RedisError):
            self._servers.flush_redis()
            return True
        return False

    def _kill_redis(self, blow: Blow) -> bool:
        self._servers.kill_redis()
        time.sleep(blow.lasts)
        self._servers.start_redis()
        return True

    def _crash_database(self, blow: Blow) -> bool:
        self._servers.crash_database()
        time.sleep(blow.lasts)
        self._servers.start_database()
        return True

    def _some_child(self, names: list[str], blow: Blow) -> int | None:
        children = [pid for name in names if self._processes.is_running(name) for pid in self._processes.children(name)]
        return children[int(blow.chance * len(children))] if children else None

    def _signal(self, pid: int | None, number: signal.Signals) -> bool:
        if pid is None:
            return False
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return False
        return True


HARMS: dict[Harm, Callable[[Chaos, Blow], bool]] = {
    Harm.KILL_CHILD: Chaos._kill_child,
    Harm.KILL_WORKER: Chaos._kill_worker,
    Harm.KILL_WEB: Chaos._kill_web,
    Harm.STOP: Chaos._stop_child,
    Harm.FLUSH: Chaos._flush,
    Harm.KILL_REDIS: Chaos._kill_redis,
    Harm.CRASH_DATABASE: Chaos._crash_database,
}

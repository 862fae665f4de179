"""
Lanes, workers and Xero in virtual time, one seed one history.

What decides is the production code (budgets, shares, turns, groups, pauses, the app's pace), and what judges is the
sandbox's own throttle. Played are only the rows, the workers' loops and the time that a call takes.
"""

import heapq
import itertools
import random
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from integrations.job_states import Step
from integrations.lanes.app_pace import CHUNK, LEAST_LEFT, call_gap, chunk_life, take_chunk
from integrations.lanes.call_budget import CallBudget, new_budget
from integrations.lanes.fair_shares import Share, Spent
from integrations.lanes.lane_times import LaneTimes
from integrations.lanes.next_turn import next_turn
from integrations.lanes.pause_policy import pause_after_limit, pause_after_outage
from integrations.outbox.choose_group import MOST_IN_A_CALL, Candidate, Group, choose_group
from integrations.xero_gateway.answers import RateLimits
from integrations.xero_sandbox.accounting_api.throttling import CORE, Limits, Throttle

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TIMES = LaneTimes()
NEVER = START - timedelta(days=365)
SECOND = timedelta(seconds=1)
OK, TOO_MANY, UNAVAILABLE = 200, 429, 503
# What a worker does beside the call: to claim a lane, to commit before and after.
CLAIM, COMMITS = timedelta(milliseconds=15), timedelta(milliseconds=10)
TURN, SWEEP, LEAST = 2 * SECOND, 5 * SECOND, timedelta(seconds=0.2)
CLIENT = "one-app"
Moves = Generator[timedelta, None, None]


@dataclass(slots=True)
class Xero:
    """Windows, limits and headers as in the sandbox; out between two moments where `outage` is given."""

    limits: Limits = CORE
    outage: tuple[datetime, datetime] | None = None
    throttle: Throttle = field(init=False)
    statuses: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    most_in_flight: int = 0
    in_flight: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        self.throttle = Throttle(limits=self.limits)

    def arrive(self, organisation: str, now: datetime) -> tuple[int, int | None, str]:
        """The status that the call will have, and what a 429 adds. It is in flight until `leave`."""
        self.throttle.enter(CLIENT, organisation)
        self.in_flight[organisation] += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight[organisation])
        is_out = self.outage is not None and self.outage[0] <= now < self.outage[1]
        refusal = None if is_out else self.throttle.admit(CLIENT, organisation, now)
        status = UNAVAILABLE if is_out else TOO_MANY if refusal else OK
        self.statuses[status] += 1
        return (status, refusal.retry_after, refusal.problem) if refusal else (status, None, "")

    def leave(self, organisation: str, now: datetime) -> dict[str, int]:
        self.throttle.leave(CLIENT, organisation)
        self.in_flight[organisation] -= 1
        return {name: int(value) for name, value in self.throttle.headers(CLIENT, organisation, now)}


@dataclass(slots=True)
class Documents:
    """Of one lane and share, by step and in the order in which they came there."""

    waiting: dict[Step, deque[tuple[int, datetime]]] = field(default_factory=lambda: defaultdict(deque))

    def candidates(self, now: datetime) -> list[Candidate]:
        found = [
            Candidate(job_id=job_id, goes_alone=False, step=step, kind="", target_status="", next_at=next_at)
            for step, jobs in self.waiting.items()
            for job_id, next_at in itertools.islice(jobs, MOST_IN_A_CALL)
            if next_at <= now
        ]
        return sorted(found, key=lambda one: (one.next_at, one.job_id))

    @property
    def are_more_coming(self) -> bool:
        return bool(self.waiting[Step.CREATE] or self.waiting[Step.ATTACH])

    @property
    def count(self) -> int:
        return sum(len(jobs) for jobs in self.waiting.values())


NEXT_STEP = {Step.CREATE: Step.ATTACH, Step.ATTACH: Step.PROMOTE}


@dataclass(slots=True)
class Lane:
    """The row of an organisation, as one installation has it."""

    organisation: str
    budget: CallBudget
    jobs: dict[Share, Documents] = field(default_factory=lambda: defaultdict(Documents))
    spent: Spent = field(default_factory=Spent)
    next_at: datetime | None = None
    click_at: datetime | None = None
    last_served_at: datetime = NEVER
    paused_until: datetime | None = None
    outage_count: int = 0
    is_held: bool = False
    queued_at: dict[int, datetime] = field(default_factory=dict)
    begun_at: dict[int, datetime] = field(default_factory=dict)
    done_at: dict[int, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Installation:
    """Lanes and workers over one database. Two of them that share a client id meet in Xero's headers only."""

    world: "World"
    lanes: list[Lane]
    paced_until: datetime | None = None
    all_paused_until: datetime = START
    next_resume_at: datetime = START
    resumed_at: list[datetime] = field(default_factory=list)
    idle: list[Callable[[], None]] = field(default_factory=list)

    def add(self, lane: Lane, share: Share, count: int) -> list[int]:
        """Documents with PDFs that are queued now; a person's click nudges a worker."""
        now, ids = self.world.now, [next(self.world.ids) for _ in range(count)]
        lane.jobs[share].waiting[Step.CREATE].extend((job_id, now) for job_id in ids)
        lane.queued_at |= dict.fromkeys(ids, now)
        lane.next_at = now
        if share == Share.INTERACTIVE:
            lane.click_at = now
            for wake in self.idle:
                wake()
            self.idle.clear()
        return ids

    def worker(self, *, clicks_only: bool = False) -> Moves:
        chunk = Chunk()
        while True:
            lane = self._claim(clicks_only=clicks_only)
            if lane is None:
                yield from self._wait(clicks_only=clicks_only)
                continue
            yield CLAIM
            yield from self._serve(lane, chunk, clicks_only=clicks_only)
            lane.is_held, lane.last_served_at = False, self.world.now

    def _claim(self, *, clicks_only: bool) -> Lane | None:
        now = self.world.now
        if now < self.all_paused_until:
            return None
        due = [lane for lane in self.lanes if not lane.is_held and (at := due_at(lane, clicks_only)) and at <= now]
        for lane in sorted(due, key=lambda one: claim_order(one, now)):
            if lane.outage_count:
                if now < self.next_resume_at:
                    return None
                self.next_resume_at = now + TIMES.resume_gap
                self.resumed_at.append(now)
            lane.is_held = True
            return lane
        return None

    def _wait(self, *, clicks_only: bool) -> Moves:
        """
        As the sweeper: until something is due, and not much longer. A nudge ends it. Where nobody is at work and
        nothing is due for a while, what a worker would look at in vain is left out.
        """
        now = self.world.now
        moments = [at for lane in self.lanes if not lane.is_held and (at := due_at(lane, clicks_only))]
        until_due = max(LEAST, min(moments, default=now + SWEEP) - now)
        is_quiet = not any(lane.is_held for lane in self.lanes)
        if clicks_only:
            self.idle.append(self.world.nudge_of_current())
        yield (until_due if is_quiet else min(SWEEP, until_due)) * self.world.rng.uniform(0.8, 1.2)

    def _serve(self, lane: Lane, chunk: "Chunk", *, clicks_only: bool) -> Moves:
        stop_at = self.world.now + TURN
        wait_until: datetime | None = None
        goes_on = True
        while goes_on and self.world.now < stop_at:
            share, group, wait_until = self._choose(lane, clicks_only=clicks_only)
            if group is None:
                break
            wait_until = self._spend(lane, share, chunk)
            if wait_until is not None:
                break
            goes_on = yield from self._call(lane, share, group)
        lane.next_at, lane.click_at = self._next_moments(lane, wait_until)

    def _choose(self, lane: Lane, *, clicks_only: bool) -> tuple[Share, Group | None, datetime | None]:
        now, groups = self.world.now, dict[Share, Group]()
        for share, jobs in lane.jobs.items():
            more = share == Share.BULK and jobs.are_more_coming
            group = choose_group(jobs.candidates(now), share=share, fill=TIMES.fill, are_more_coming=more, now=now)
            if group is not None:
                groups[share] = group
        ready = {share for share, group in groups.items() if group.job_ids}
        if clicks_only and Share.INTERACTIVE not in ready:
            return Share.BULK, None, None
        turn, lane.spent = next_turn(ready, lane.spent, lane.budget, now=now, times=TIMES)
        if turn.share is not None:
            return turn.share, groups[turn.share], None
        moments = [turn.wait_until, *(group.wait_until for group in groups.values())]
        return Share.BULK, None, min((one for one in moments if one), default=None)

    def _spend(self, lane: Lane, share: Share, chunk: "Chunk") -> datetime | None:
        now = self.world.now
        if chunk.left == 0 or chunk.void_at <= now:
            paced_until = take_chunk(self.paced_until, now=now, times=TIMES)
            if paced_until is None:
                return now + CHUNK * call_gap(TIMES)
            self.paced_until, chunk.left, chunk.void_at = paced_until, CHUNK, now + chunk_life(TIMES)
        chunk.left -= 1
        lane.budget, lane.spent = lane.budget.spend(now, times=TIMES), lane.spent.plus(share)
        return None

    def _call(self, lane: Lane, share: Share, group: Group) -> Generator[timedelta, None, bool]:
        """Whether the turn goes on."""
        world = self.world
        for job_id in group.job_ids:
            lane.begun_at.setdefault(job_id, world.now)
        latency = world.latency()
        yield latency / 2
        status, retry_after, problem = world.xero.arrive(lane.organisation, world.now)
        yield latency / 2
        headers = world.xero.leave(lane.organisation, world.now)
        yield COMMITS
        return self._heed(lane, share, group, status, read_headers(headers, problem, retry_after))

    def _heed(self, lane: Lane, share: Share, group: Group, status: int, limits: RateLimits) -> bool:
        now = self.world.now
        lane.budget = lane.budget.learn(limits, now=now)
        if limits.app_minute_remaining is not None and limits.app_minute_remaining < LEAST_LEFT:
            self.all_paused_until = now + TIMES.app_rest
        if status == OK:
            lane.outage_count = 0
            self._move_on(lane, share, group, now)
            return True
        if status == TOO_MANY:
            pause = pause_after_limit(limits, now=now, times=TIMES, rng=self.world.rng)
            lane.budget = lane.budget.exhaust(limits.problem, until=now + limits.wait, times=TIMES)
        else:
            lane.outage_count += 1
            pause = pause_after_outage(lane.outage_count, "", now=now, times=TIMES, rng=self.world.rng)
        lane.paused_until = pause.until
        if pause.is_for_all:
            self.all_paused_until = pause.until
        return False

    def _move_on(self, lane: Lane, share: Share, group: Group, now: datetime) -> None:
        jobs, step = lane.jobs[share].waiting, Step(group.step)
        for job_id in group.job_ids:
            first = jobs[step].popleft()
            assert first[0] == job_id
            if step in NEXT_STEP:
                jobs[NEXT_STEP[step]].append((job_id, now))
            else:
                lane.done_at[job_id] = now

    def _next_moments(self, lane: Lane, wait_until: datetime | None) -> tuple[datetime | None, datetime | None]:
        has_work = any(jobs.count for jobs in lane.jobs.values())
        next_at = (wait_until or self.world.now) if has_work else None
        click_at = self.world.now if lane.jobs[Share.INTERACTIVE].count else None
        return (self.world.now if click_at and wait_until is None else next_at), click_at


@dataclass(slots=True)
class Chunk:
    left: int = 0
    void_at: datetime = START


@dataclass(slots=True)
class World:
    xero: Xero
    seed: int
    now: datetime = START
    latencies: tuple[float, float] = (0.1, 0.5)
    rng: random.Random = field(init=False)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _events: list[tuple[datetime, int, Moves, int]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)
    # Which event of a worker counts: a nudge makes the one that it had planned void.
    _valid: dict[int, int] = field(default_factory=dict)
    _current: Moves | None = None

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)  # noqa: S311 one seed, one history

    def latency(self) -> timedelta:
        return timedelta(seconds=self.rng.uniform(*self.latencies))

    def start(self, moves: Moves, *, after: timedelta = timedelta()) -> None:
        self._plan(moves, self.now + after)

    def nudge_of_current(self) -> Callable[[], None]:
        moves = self._current
        assert moves is not None
        return lambda: self._plan(moves, self.now + timedelta(milliseconds=5))

    def run(self, *, until: datetime, is_over: Callable[[], bool] = lambda: False) -> None:
        while self._events and self._events[0][0] <= until and not is_over():
            self.now, number, moves, _ = heapq.heappop(self._events)
            if self._valid[id(moves)] != number:
                continue
            self._current = moves
            wait = next(moves, None)
            if wait is not None:
                self._plan(moves, self.now + wait)

    def _plan(self, moves: Moves, at: datetime) -> None:
        number = next(self._order)
        self._valid[id(moves)] = number
        heapq.heappush(self._events, (at, number, moves, number))


def due_at(lane: Lane, clicks_only: bool) -> datetime | None:
    moment = lane.next_at if not clicks_only or lane.click_at is not None else None
    return max(moment, lane.paused_until) if moment and lane.paused_until else moment


def claim_order(lane: Lane, now: datetime) -> tuple[bool, bool, datetime]:
    has_click = lane.click_at is not None and lane.click_at <= now
    return bool(lane.outage_count), not has_click, lane.last_served_at


def read_headers(headers: dict[str, int], problem: str, retry_after: int | None) -> RateLimits:
    return RateLimits(
        minute_remaining=headers["X-MinLimit-Remaining"],
        day_remaining=headers["X-DayLimit-Remaining"],
        app_minute_remaining=headers["X-AppMinLimit-Remaining"],
        problem=problem,
        retry_after=retry_after,
    )


def lanes(count: int, *, now: datetime = START) -> list[Lane]:
    return [Lane(organisation=f"organisation-{number}", budget=new_budget(now)) for number in range(count)]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]

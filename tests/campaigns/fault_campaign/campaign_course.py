"""The course of a campaign: set up in peace, hand over under fire, heal, wait for rest, judge."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from integrations.job_states import OPEN_STATES
from integrations.models.sync_job import Priority
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.sandbox_replay.sandbox_admin import SandboxAdmin
from tests.campaigns.fault_campaign import campaign_facts, campaign_stories
from tests.campaigns.fault_campaign.campaign_companies import PLANS, CampaignCompany, reconnect_lost, set_up_company
from tests.campaigns.fault_campaign.campaign_documents import (
    MadeDocument,
    hand_over_made,
    plan_documents,
    send_shipments,
    shares,
)
from tests.campaigns.fault_campaign.campaign_facts import SentCalls
from tests.campaigns.fault_campaign.campaign_progress import insist, states, unfinished, unprepared
from tests.campaigns.fault_campaign.campaign_verdict import Broken, Invariant, Verdict, judge
from tests.campaigns.fault_campaign.chaos import Chaos
from tests.campaigns.fault_campaign.chaos_plan import Harm, round_seconds
from tests.campaigns.fault_campaign.fault_mix import fault_rules
from tests.campaigns.fault_campaign.restore_drill import RestoreDrill

WAVE = 100
# The fire goes on until so few are left, or for so long: what is still open then ends in peace.
OPEN_SHARE, FIRE_SECONDS_EACH, MOST_FIRE_SECONDS = 0.05, 0.4, 480.0
REST_SECONDS, POLL_SECONDS, TELL_SECONDS = 120.0, 1.0, 10.0
# So many have come to their end when the backup is taken, and when it returns; it is five of Xero's minutes old then,
# and half of what it does not know is in Xero. What takes too long is waited for in peace, and in the end not at all.
BACKUP_SHARE, RESTORE_SHARE, LATE_SHARE, BACKUP_AGE_SECONDS = 1 / 3, 2 / 3, 1 / 2, 5.0
# What a person selects once the backup is taken, and again when nobody knows of it any more.
LATE, AGAIN = "late", "again"
KILLS = {Harm.KILL_CHILD, Harm.KILL_WORKER, Harm.KILL_WEB, Harm.KILL_REDIS}
FLUSHES = {Harm.FLUSH, Harm.KILL_REDIS}


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResult:
    documents: int
    verdict: Verdict
    harms: Counter[Harm]
    http_faults: int
    seconds: float
    restores: int | None

    def as_json(self) -> dict[str, Any]:
        """The keys that scripts rely on."""
        counted = (
            Invariant.DUPLICATES, Invariant.LOST, Invariant.SILENT, Invariant.STUCK, Invariant.MISMATCHES,
            Invariant.MISSING_PDFS, Invariant.STRAYS,
        )  # fmt: skip
        return {
            "documents": self.documents,
            **{state: self.verdict.states[state] for state in ("done", "rejected", "attention")},
            **{invariant.value: self.verdict.count(invariant) for invariant in counted},
            "kills": sum(self.harms[harm] for harm in KILLS),
            "stops": self.harms[Harm.STOP],
            "flushes": sum(self.harms[harm] for harm in FLUSHES),
            "database_crashes": self.harms[Harm.CRASH_DATABASE],
            "http_faults": self.http_faults,
            "seconds": round(self.seconds, 1),
            **({} if self.restores is None else {"restores": self.restores}),
        }


@dataclass(slots=True, kw_only=True)
class Campaign:
    """`strength`: the share of calls that something befalls. `drill` None: no backup. `say` is told how it goes."""

    documents: int
    strength: float
    seed: int
    url: str
    make_chaos: Callable[[], Chaos]
    drill: RestoreDrill | None
    say: Callable[[str], None]
    _companies: list[CampaignCompany] = field(default_factory=list)
    _made: list[MadeDocument] = field(default_factory=list)
    _calls: SentCalls = field(default_factory=SentCalls)
    _began: float = field(default_factory=time.monotonic)
    _told_at: float = 0.0

    def run(self) -> CampaignResult:
        self._set_up()
        campaign_facts.set_faults(self.url, fault_rules(self.strength, documents=self.documents), seed=self.seed)
        chaos = self.make_chaos()
        chaos.start()
        self._hand_over()
        restores = None if self.drill is None else self._go_back(self.drill, chaos)
        self._burn(chaos)
        faults = campaign_facts.http_faults(self.url)
        campaign_facts.set_faults(self.url, [], seed=0)
        chaos.heal()
        self.say(f"Healed after {self._seconds():.0f} s; waiting until all is at rest …")
        self._wait_for_rest()
        return CampaignResult(
            documents=self.documents,
            verdict=self._judge(),
            harms=chaos.counts,
            http_faults=faults,
            seconds=self._seconds(),
            restores=restores,
        )

    def write_stories(self, broken: Sequence[Broken], *, path: Path) -> None:
        campaign_stories.write_stories({one.document for one in broken}, self._companies, path=path)

    def _set_up(self) -> None:
        of_shipments, self._made = plan_documents(self.documents, seed=self.seed)
        sandbox = SandboxAdmin(self.url)
        for plan in PLANS:
            count = of_shipments.get(plan.company.slug, 0)
            self.say(f"{plan.company.name}: {count} shipments …")
            self._companies.append(set_up_company(plan, shipments=count, seed=self.seed, sandbox=sandbox))

    def _hand_over(self) -> None:
        """In waves over half a round, so that something is at every step whenever something breaks."""
        waves = max(2, self.documents // WAVE)
        began, pause = time.monotonic(), round_seconds(self.documents) / 2 / waves
        bounds = [sum(shares(len(self._made), [1] * waves)[:count]) for count in range(waves + 1)]
        for wave in range(waves):
            self._hand_over_wave(wave, waves, self._made[bounds[wave] : bounds[wave + 1]])
            while time.monotonic() < began + (wave + 1) * pause:
                self._look_after()

    def _hand_over_wave(self, wave: int, waves: int, made: Sequence[MadeDocument]) -> None:
        for one in self._companies:
            early, _ = self._early_and_late(one)
            self._click(one, early[wave::waves], click=str(wave))
            priority = Priority.INTERACTIVE if wave % 5 == 0 else Priority.BULK
            mine = [each for each in made if each.slug == one.company.slug]
            insist(lambda one=one, mine=mine, priority=priority: hand_over_made(one, mine, priority=priority))

    def _early_and_late(self, one: CampaignCompany) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The shipments before and after the backup. What has none gets another mark each time, so it goes before."""
        count = len(one.shipments) if self.drill is None else len(one.shipments) // 2
        return one.shipments[:count], one.shipments[count:]

    def _click(self, one: CampaignCompany, shipments: Sequence[int], *, click: str) -> None:
        if shipments:
            token = self._form_token(one, click)
            insist(lambda: send_shipments(one, shipments, form_token=token))

    def _form_token(self, one: CampaignCompany, click: str) -> uuid.UUID:
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.seed} {one.company.slug} {click}")

    def _go_back(self, drill: RestoreDrill, chaos: Chaos) -> int:
        """What was sent since the backup only Xero knows, until a person sends it again. Returns how often."""
        self._wait(lambda: self._is_settled(BACKUP_SHARE) and not self._preparing(), chaos)
        insist(drill.take_backup)
        taken_at = time.monotonic()
        self.say(f"Backup after {self._seconds():.0f} s.")
        for one in self._companies:
            self._click(one, self._early_and_late(one)[1], click=LATE)
        is_old_at = taken_at + BACKUP_AGE_SECONDS
        self._wait(
            lambda: time.monotonic() > is_old_at and self._is_settled(RESTORE_SHARE) and self._is_late_settled(), chaos
        )
        with chaos.held():
            drill.restore(last_look=self._remember_calls)
        self.say(f"Restored after {self._seconds():.0f} s.")
        for one in self._companies:
            self._click(one, self._early_and_late(one)[1], click=AGAIN)
        return 1

    def _wait(self, is_reached: Callable[[], bool], chaos: Chaos) -> None:
        if not self._is_reached(is_reached, within=self._fire_seconds() / 2):
            with chaos.held():
                self._is_reached(is_reached, within=REST_SECONDS)

    def _is_reached(self, is_reached: Callable[[], bool], *, within: float) -> bool:
        deadline = time.monotonic() + within
        while not is_reached():
            if time.monotonic() > deadline:
                return False
            self._look_after()
        return True

    def _fire_seconds(self) -> float:
        return min(MOST_FIRE_SECONDS, FIRE_SECONDS_EACH * self.documents)

    def _is_settled(self, share: float) -> bool:
        return self.documents - self._open() >= share * self.documents

    def _preparing(self) -> bool:
        """What is prepared after the backup may get another number the second time, and that is for a person."""
        return any(insist(lambda one=one: unprepared(one)) for one in self._companies)

    def _is_late_settled(self) -> bool:
        late = sum(len(self._early_and_late(one)[1]) for one in self._companies)
        tokens = [self._form_token(one, LATE) for one in self._companies]
        return _settled(self._states(batch__form_token__in=tokens)) >= LATE_SHARE * late

    def _remember_calls(self) -> None:
        for one in self._companies:
            self._calls.add(one)
        connections["default"].close()

    def _burn(self, chaos: Chaos) -> None:
        """At least one whole round."""
        ends_at = time.monotonic() + self._fire_seconds()
        while chaos.is_alive():
            is_enough = time.monotonic() > ends_at or self._open() <= OPEN_SHARE * self.documents
            if chaos.rounds and is_enough:
                return
            self._look_after()

    def _wait_for_rest(self) -> None:
        """What does not move for so long is stuck."""
        left, deadline = -1, time.monotonic() + REST_SECONDS
        while left and time.monotonic() < deadline:
            before, left = left, sum(insist(lambda one=one: unfinished(one)) for one in self._companies)
            if left != before:
                deadline = time.monotonic() + REST_SECONDS
            self._look_after()

    def _look_after(self) -> None:
        """What people do meanwhile: they connect again what was lost, and look how far it is."""
        time.sleep(POLL_SECONDS)
        for one in self._companies:
            if insist(lambda one=one: reconnect_lost(one, SandboxAdmin(self.url))):
                self.say(f"{one.company.name} is connected again.")
        if time.monotonic() - self._told_at > TELL_SECONDS:
            self._told_at = time.monotonic()
            counts = self._states()
            self.say(f"{self._seconds():4.0f} s  " + "  ".join(f"{name} {count}" for name, count in counts.items()))

    def _open(self) -> int:
        """Those that are not handed over yet count too."""
        return self.documents - _settled(self._states())

    def _states(self, **of: Any) -> Counter[str]:
        return sum((insist(lambda one=one: states(one, **of)) for one in self._companies), Counter[str]())

    def _judge(self) -> Verdict:
        for alias in connections:
            connections[alias].close()
        sent = [document for one in self._companies for document in campaign_facts.sent_documents(one)]
        there = [each for one in self._companies for each in campaign_facts.documents_in_xero(self.url, one)]
        wanted = [each.mark for each in self._made] + [number for one in self._companies for number in one.numbers]
        verdict = judge(sent, there, wanted=wanted)
        self._remember_calls()
        quiet = DeliveryTimes().quiet / settings.DELIVERY_TIME_SCALE
        verdict.broken.extend(campaign_facts.unannounced(self.url, self._calls))
        verdict.broken.extend(campaign_facts.hasty(self._calls, quiet=quiet))
        return verdict

    def _seconds(self) -> float:
        return time.monotonic() - self._began


def told(broken: Sequence[Broken]) -> Iterator[str]:
    for one in broken:
        yield f"{one.invariant}: {one.document} {one.words}"


def _settled(counts: Counter[str]) -> int:
    return sum(count for state, count in counts.items() if state not in OPEN_STATES)

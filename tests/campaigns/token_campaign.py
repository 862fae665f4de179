"""R8: many workers, many grants and answers that get lost, over hours of virtual time. Nothing may be lost by it."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier

from django.db import connection

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.run_due_work import run_due
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.access_tokens import access_token_of
from integrations.connection.connect_organisation import keep_grant
from integrations.connection.refresh_grant import GrantLostError, NoTokenYetError
from integrations.models import XeroGrant
from integrations.xero_gateway.identity_api import SCOPES, token_set_of
from tests.virtual_database_clock import VirtualClock
from tests.xero_sandbox.sandbox_process import SandboxProcess

STEP = timedelta(seconds=5)
# How long an organisation is left alone: from one that sends all day to one that nobody needs for hours.
SHORTEST, LONGEST = timedelta(minutes=2), timedelta(hours=2)
AT_ONCE = 4
# After the first consent each version is a life that a refresh ended.
FIRST_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSize:
    workers: int
    grants: int
    hours: int
    lost_answers: float = 0.2
    seed: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignReport:
    """`answered`: calls to the token endpoint whose answer came back; `waited`: demands that found no good token."""

    demands: int
    waited: int
    lost_grants: int
    dead_tokens: int
    lives: int
    calls: int
    answered: int

    @property
    def refreshes_per_life(self) -> float:
        """Lost answers force a second call; beyond those, each life should take one."""
        return self.answered / self.lives


@dataclass
class TokenCampaign:
    size: CampaignSize
    tenant: Tenant
    xero: SandboxProcess
    clock: VirtualClock

    def run(self) -> CampaignReport:
        rng = random.Random(self.size.seed)  # noqa: S311
        due = {grant_id: self._later(rng, timedelta(0)) for grant_id in self._make_grants()}
        since = self._last_call()
        self.xero.admin("faults", {"rules": [self._fault()], "seed": self.size.seed})
        outcomes: Counter[str] = Counter()
        with _workers(self.size.workers) as workers:
            end = self.clock.now + timedelta(hours=self.size.hours)
            while self.clock.now < end:
                self._move_to(min([*due.values(), *self._work_due()]))
                wanted = [grant_id for grant_id, at in due.items() if at <= self.clock.now]
                due |= {grant_id: self._later(rng, SHORTEST) for grant_id in wanted}
                demands = rng.sample(wanted * AT_ONCE, len(wanted) * AT_ONCE)
                outcomes.update(workers.map(self._demand, demands))
                workers.submit(run_due, Queue.POLL, seconds=60).result()
        return self._report(outcomes, since)

    def _make_grants(self) -> list[int]:
        made = []
        for _ in range(self.size.grants):
            tokens = token_set_of(self.xero.admin("grants", {"organisations": ["AU"], "scopes": list(SCOPES)}))
            with tenant_scope(self.tenant):
                made.append(keep_grant(tokens, now=self.clock.now).pk)
        return made

    def _fault(self) -> dict[str, object]:
        return {"fault": "lost_answer", "path": "/connect/token", "probability": self.size.lost_answers}

    def _later(self, rng: random.Random, shortest: timedelta) -> datetime:
        """Mostly soon, sometimes much later."""
        return self.clock.now + shortest + (LONGEST - shortest) * rng.random() ** 4

    def _work_due(self) -> list[datetime]:
        with tenant_scope(self.tenant):
            return list(WorkItem.objects.order_by("next_at").values_list("next_at", flat=True)[:1])

    def _move_to(self, moment: datetime) -> None:
        by = max(moment - self.clock.now, STEP)
        self.xero.advance(by.total_seconds())
        self.clock.set(self.clock.now + by)

    def _demand(self, grant_id: int) -> str:
        try:
            access_token_of(tenant_id=self.tenant.pk, grant_id=grant_id)
        except (NoTokenYetError, GrantLostError) as error:
            return type(error).__name__
        return "token"

    def _last_call(self) -> int:
        entries = self.xero.admin("journal", limit=1)["entries"]
        return int(entries[-1]["number"]) if entries else 0

    def _report(self, outcomes: Counter[str], since: int) -> CampaignReport:
        calls = self.xero.admin("journal", since=since, path="/connect/token", limit=1_000_000)["entries"]
        self.xero.admin("faults", {"rules": []})
        with tenant_scope(self.tenant):
            grants = list(XeroGrant.objects.all())
        return CampaignReport(
            demands=outcomes.total(),
            waited=outcomes["NoTokenYetError"],
            lost_grants=sum(grant.revoked_at is not None for grant in grants),
            dead_tokens=sum(not self._is_alive(grant) for grant in grants),
            lives=sum(grant.version - FIRST_VERSION for grant in grants),
            calls=len(calls),
            answered=sum(not call["faults"] for call in calls),
        )

    def _is_alive(self, grant: XeroGrant) -> bool:
        """Whether Xero still takes the refresh token that we have."""
        form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        client = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
        return self.xero.http("POST", "/connect/token", form=form | client).status == 200


@contextmanager
def _workers(count: int) -> Iterator[ThreadPoolExecutor]:
    """Each with a database connection of its own, closed at the end by the thread that opened it."""
    with ThreadPoolExecutor(count) as workers:
        yield workers
        together = Barrier(count)

        def close(_number: int) -> None:
            connection.close()
            together.wait()

        list(workers.map(close, range(count)))

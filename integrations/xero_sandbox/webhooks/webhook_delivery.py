"""Tells apps of changes: intent to receive, signed events, retries, and giving up.

Source: developer.xero.com/documentation/guides/webhooks/configuring-your-server: an answer within five seconds, empty,
without cookies; retries at once and then every fifteen minutes for a day; events are kept 31 days (the retry times and
the 31 days are unconfirmed).
"""

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from integrations.xero_sandbox.books.identity_records import Connection
from integrations.xero_sandbox.books.store import Change, Store
from integrations.xero_sandbox.books.webhook_records import WebhookEvent, WebhookSubscription
from integrations.xero_sandbox.virtual_clock import SandboxClock
from integrations.xero_sandbox.webhooks.event_bodies import body_of, event_of, signed
from integrations.xero_sandbox.webhooks.post_once import Heard, post_once
from integrations.xero_sandbox.webhooks.webhook_mischief import WebhookMischief

Json = dict[str, Any]
ANSWER_WITHIN = 5.0
RETRY_EVERY = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=24)
KEPT_FOR = timedelta(days=31)
MOST_EVENTS = 50
INTENT_TRIALS = (True, False, True, False)
MOST_LOGGED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One POST, for the log: what was sent, and whether the answer was what Xero wants."""

    at: datetime
    client_id: str
    kind: str
    sequences: tuple[int, int]
    is_signed_well: bool
    status: int
    is_good: bool
    problem: str


class WebhookSender:
    def __init__(self, store: Store, clock: SandboxClock) -> None:
        self._store = store
        self._clock = clock
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.mischief = WebhookMischief()
        self.log: deque[Told] = deque(maxlen=MOST_LOGGED)

    def subscribe(self, *, client_id: str, url: str, key: str, categories: tuple[str, ...]) -> None:
        """Sets or replaces the app's subscription and sends the intent to receive; events begin when it is passed."""
        held: WebhookSubscription | None = self._store.get(WebhookSubscription, client_id)
        subscription = WebhookSubscription(
            client_id=client_id,
            url=url,
            key=key,
            categories=categories,
            last_sequence=held.last_sequence if held else 0,
        )
        with self._store.transaction("webhook subscription"):
            self._store.save(subscription)
        self._start(self._intent(client_id))

    def unsubscribe(self, client_id: str) -> None:
        with self._store.transaction("webhook subscription"):
            held = self._store.get(WebhookSubscription, client_id)
            if held is not None:
                self._store.remove(held)

    def hear(self, changes: list[Change], *, payments_count: bool) -> None:
        """Turns changes of the books into events for every app that is connected and wants them."""
        now = self._clock.now()
        events = [event for change in changes if (event := event_of(change, now, payments_count=payments_count))]
        if events:
            for subscription in self._store.table(WebhookSubscription).all("all"):
                self.queue(subscription.client_id, self._wanted(subscription, events))

    def queue(self, client_id: str, events: list[Json]) -> None:
        """Number the events, keep them, and set out to deliver."""
        subscription: WebhookSubscription | None = self._store.get(WebhookSubscription, client_id)
        if subscription is None or not events:
            return
        now, sequence = self._clock.now(), subscription.last_sequence
        with self._store.transaction("webhook events"):
            for event in events:
                sequence += 1
                self._store.save(
                    WebhookEvent(
                        event_id=f"{client_id}/{sequence:012d}",
                        client_id=client_id,
                        sequence=sequence,
                        happened_at=now,
                        event=event,
                    )
                )
            self._store.save(replace(subscription, last_sequence=sequence))
        if subscription.status == "OK" and len(self.pending(client_id)) > self.mischief.hold:
            self._start(self._deliver(client_id))

    def pending(self, client_id: str) -> list[WebhookEvent]:
        events: list[WebhookEvent] = self._store.table(WebhookEvent).all("app", client_id)
        return sorted(events, key=lambda event: event.sequence)

    def resume(self) -> None:
        """After a restart: what was not delivered is set out again."""
        for subscription in self._store.table(WebhookSubscription).all("all"):
            if subscription.status == "OK" and self.pending(subscription.client_id):
                self._start(self._deliver(subscription.client_id))

    def forget(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._busy.clear()
        self.log.clear()
        self.mischief.set({})

    async def _intent(self, client_id: str) -> None:
        """Some rightly, some wrongly signed; every answer must fit, or nothing is delivered."""
        results = [
            await self._post(client_id, [], kind="intent to receive", is_signed_well=well) for well in INTENT_TRIALS
        ]
        self._set(client_id, status="OK" if all(results) else "DISABLED", failing_since=None)
        if all(results) and self.pending(client_id):
            await self._deliver(client_id)

    async def _deliver(self, client_id: str) -> None:
        """In order, batch by batch, until nothing is left or one is refused."""
        if client_id in self._busy:
            return
        self._busy.add(client_id)
        try:
            while batch := self.mischief.ordered(self._fresh(client_id)[:MOST_EVENTS]):
                if self.mischief.signs_wrongly():
                    await self._post(client_id, batch, kind="wrongly signed", is_signed_well=False)
                is_good = await self._post(client_id, batch, kind="events")
                is_good = is_good or await self._post(client_id, batch, kind="first retry")
                if not is_good:
                    self._retry_later(client_id)
                    return
                if self.mischief.doubles():
                    await self._post(client_id, batch, kind="duplicate")
                self._done(client_id, batch)
        finally:
            self._busy.discard(client_id)

    def _fresh(self, client_id: str) -> list[WebhookEvent]:
        """Drops what is older than 31 days."""
        oldest = self._clock.now() - KEPT_FOR
        events = self.pending(client_id)
        stale = [event for event in events if event.happened_at < oldest]
        if stale:
            with self._store.transaction("webhook events"):
                for event in stale:
                    self._store.remove(event)
        return [event for event in events if event.happened_at >= oldest]

    def _retry_later(self, client_id: str) -> None:
        subscription: WebhookSubscription = self._store.get(WebhookSubscription, client_id)
        now = self._clock.now()
        since = subscription.failing_since or now
        if now - since >= GIVE_UP_AFTER:
            self._set(client_id, status="DISABLED", failing_since=None)
            return
        self._set(client_id, status="OK", failing_since=since)
        self._clock.call_later(RETRY_EVERY, lambda: self._start(self._deliver(client_id)))

    def _done(self, client_id: str, batch: list[WebhookEvent]) -> None:
        with self._store.transaction("webhook events"):
            for event in batch:
                if self._store.get(WebhookEvent, event.event_id) is not None:
                    self._store.remove(event)
        self._set(client_id, status="OK", failing_since=None)

    async def _post(self, client_id: str, batch: list[WebhookEvent], *, kind: str, is_signed_well: bool = True) -> bool:
        subscription: WebhookSubscription | None = self._store.get(WebhookSubscription, client_id)
        if subscription is None:
            return False
        sequences = [event.sequence for event in batch] or [0]
        first, last = min(sequences), max(sequences)
        body = body_of([event.event for event in batch], first=first, last=last, entropy=_entropy())
        key = subscription.key if is_signed_well else f"not {subscription.key}"
        headers = {"Content-Type": "application/json; charset=utf-8", "x-xero-signature": signed(body, key)}
        heard = await post_once(subscription.url, body, headers, timeout=ANSWER_WITHIN)
        problem = _problem(heard, wanted=200 if is_signed_well else 401)
        self.log.append(
            Told(
                at=self._clock.now(),
                client_id=client_id,
                kind=kind,
                sequences=(first, last),
                is_signed_well=is_signed_well,
                status=heard.status,
                is_good=not problem,
                problem=problem,
            )
        )
        return not problem

    def _wanted(self, subscription: WebhookSubscription, events: list[Json]) -> list[Json]:
        connections = self._store.table(Connection).all("all")
        connected = {
            each.organisation_id for each in connections if each.is_active and each.client_id == subscription.client_id
        }
        return [
            event
            for event in events
            if event["eventCategory"] in subscription.categories and event["tenantId"] in connected
        ]

    def _set(self, client_id: str, **changes: Any) -> None:
        held: WebhookSubscription | None = self._store.get(WebhookSubscription, client_id)
        changed = replace(held, **changes) if held else None
        if changed is not None and changed != held:
            with self._store.transaction("webhook subscription"):
                self._store.save(changed)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _problem(heard: Heard, *, wanted: int) -> str:
    """Why Xero would not count this answer; empty if it would."""
    if heard.problem:
        return heard.problem
    if heard.status != wanted:
        return f"status {heard.status} where {wanted} was wanted"
    if wanted == 200 and heard.has_body:  # noqa: PLR2004 - the status itself
        return "the answer has a body"
    return "the answer sets a cookie" if heard.sets_cookie else ""


def _entropy() -> str:
    return secrets.token_hex(10).upper()

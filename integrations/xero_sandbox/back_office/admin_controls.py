"""/_sandbox/…: how the sandbox behaves. Clock, limits, switches, faults and webhooks."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from integrations.xero_sandbox.accounting_api.throttling import TIERS, UNLIMITED, Limits
from integrations.xero_sandbox.back_office.finding_records import ActRefusedError, organisation_called
from integrations.xero_sandbox.books.webhook_records import WebhookSubscription
from integrations.xero_sandbox.faults.fault_rules import read_rule
from integrations.xero_sandbox.switches import changed
from integrations.xero_sandbox.webhooks.event_bodies import CATEGORIES
from integrations.xero_sandbox.wire.http_messages import Request

if TYPE_CHECKING:
    from integrations.xero_sandbox.sandbox import Sandbox

Json = dict[str, Any]
USUAL_CLIENT = "sandbox-client"


class AdminControls:
    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self.ways: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "clock"): self._clock,
            ("POST", "clock"): self._move_clock,
            ("GET", "limits"): self._limits,
            ("POST", "limits"): self._set_limits,
            ("GET", "switches"): self._switches,
            ("POST", "switches"): self._set_switches,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._set_faults,
            ("GET", "webhooks"): self._webhooks,
            ("POST", "webhooks"): self._subscribe,
            ("POST", "webhooks/events"): self._send_events,
            ("POST", "webhooks/mischief"): self._set_mischief,
        }

    def _clock(self, _request: Request) -> Json:
        return {"mode": self._sandbox.clock.mode, "now": self._sandbox.clock.now().isoformat()}

    def _move_clock(self, request: Request) -> Json:
        """`{"advance": seconds}` or `{"set": "2026-11-21T10:00:00+00:00"}`, forward only."""
        body = json_body(request)
        clock = self._sandbox.clock
        if "set" in body:
            by = datetime.fromisoformat(str(body["set"])) - clock.now()
        else:
            by = timedelta(seconds=float(body["advance"]))
        if by < timedelta(0):
            raise ActRefusedError("The clock only moves forward.")
        clock.advance(by)
        return self._clock(request)

    def _limits(self, _request: Request) -> Json:
        throttle = self._sandbox.throttle
        return {
            "limits": asdict(throttle.limits),
            "organisations": {name: asdict(limits) for name, limits in throttle.special.items()},
        }

    def _set_limits(self, request: Request) -> Json:
        """`{"limits": "real"|"off"}`, or `{"tier": "starter"|"core"}`, or numbers; for one `organisation` or all."""
        body = json_body(request)
        throttle = self._sandbox.throttle
        limits = _wished_limits(body, throttle.limits)
        if organisation := body.get("organisation"):
            throttle.special[organisation_called(self._sandbox.store, str(organisation)).organisation_id] = limits
        else:
            throttle.limits = limits
        if body.get("forget"):
            throttle.forget()
        return self._limits(request)

    def _switches(self, _request: Request) -> Json:
        return asdict(self._sandbox.switches)

    def _set_switches(self, request: Request) -> Json:
        self._sandbox.switches = changed(self._sandbox.switches, json_body(request))
        return self._switches(request)

    def _faults(self, _request: Request) -> Json:
        plan = self._sandbox.faults
        rules = [asdict(rule) | {"hits": hits} for rule, hits in zip(plan.rules, plan.hits(), strict=True)]
        return {"seed": plan.seed, "rules": rules}

    def _set_faults(self, request: Request) -> Json:
        """`{"rules": [...], "seed": 7}` replaces all rules; an empty list ends every fault."""
        body = json_body(request)
        rules = [self._rule(rule) for rule in body.get("rules") or []]
        self._sandbox.faults.replace(rules, seed=int(body.get("seed", 0)))
        return self._faults(request)

    def _rule(self, values: Json) -> Any:
        values = {name: float(value) if isinstance(value, Decimal) else value for name, value in values.items()}
        if organisation := values.get("organisation"):
            values["organisation"] = organisation_called(self._sandbox.store, str(organisation)).organisation_id
        return read_rule(values)

    def _webhooks(self, _request: Request) -> Json:
        """Subscriptions, how much waits, and every POST that was made (the latest 2,000)."""
        sender = self._sandbox.webhooks
        subscriptions: list[WebhookSubscription] = self._sandbox.store.table(WebhookSubscription).all("all")
        return {
            "subscriptions": [
                {
                    "client_id": each.client_id,
                    "url": each.url,
                    "categories": each.categories,
                    "status": each.status,
                    "last_sequence": each.last_sequence,
                    "pending": len(sender.pending(each.client_id)),
                }
                for each in subscriptions
            ],
            "log": [asdict(told) | {"at": told.at.isoformat()} for told in sender.log],
        }

    def _subscribe(self, request: Request) -> Json:
        """`{"url": …, "key": …, "categories": [...]}` sends the intent to receive; without a url it unsubscribes."""
        body = json_body(request)
        client_id = str(body.get("client_id", USUAL_CLIENT))
        if not body.get("url"):
            self._sandbox.webhooks.unsubscribe(client_id)
            return self._webhooks(request)
        url = urlsplit(str(body["url"]))
        if url.scheme not in {"http", "https"} or not url.hostname or url.port == 0:
            raise ActRefusedError(f"Webhooks go to an http or https address, not to {body['url']!r}.")
        categories = tuple(str(each) for each in body.get("categories") or CATEGORIES)
        self._sandbox.webhooks.subscribe(
            client_id=client_id, url=url.geturl(), key=str(body["key"]), categories=categories
        )
        return self._webhooks(request)

    def _send_events(self, request: Request) -> Json:
        """`{"events": [...]}` as they are: storms, replays and events about nothing."""
        body = json_body(request)
        if not isinstance(body["events"], list) or not all(isinstance(event, dict) for event in body["events"]):
            raise ActRefusedError("events is a list of objects.")
        self._sandbox.webhooks.queue(str(body.get("client_id", USUAL_CLIENT)), body["events"])
        return self._webhooks(request)

    def _set_mischief(self, request: Request) -> Json:
        """`{"duplicate": 0.2, "wrong_signature": 0.05, "shuffle": true, "hold": 20, "seed": 1}`."""
        self._sandbox.webhooks.mischief.set(json_body(request))
        return self._webhooks(request)


def _wished_limits(body: Json, current: Limits) -> Limits:
    if body.get("limits") == "off":
        return UNLIMITED
    limits = TIERS[str(body["tier"])] if "tier" in body else current
    if body.get("limits") == "real" and not limits.is_enforced:
        limits = TIERS["core"]
    numbers = {name: int(body[name]) for name in ("concurrent", "minute", "day", "app_minute") if name in body}
    return replace(limits, is_enforced=True, **numbers) if numbers else limits


def json_body(request: Request) -> Json:
    body = json.loads(request.body or b"{}", parse_float=Decimal)
    if not isinstance(body, dict):
        raise ActRefusedError("The body must be a JSON object.")
    return body

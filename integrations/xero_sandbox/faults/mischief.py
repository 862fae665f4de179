"""What the chosen faults do to one request, put together."""

import json
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.xero_sandbox.accounting_api.error_responses import (
    organisation_not_connected,
    token_expired,
    too_many,
)
from integrations.xero_sandbox.faults.fault_rules import FaultRule
from integrations.xero_sandbox.wire.delivery import LOST, PROMPT, RESET, Delivery
from integrations.xero_sandbox.wire.http_messages import Answer, html_answer, text_answer

HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Server Error</h1></body></html>"
WAITS_WITHOUT_BEING_ASKED = 60
DRIP_BYTES = 64
ELEMENT_LISTS = ("Invoices", "CreditNotes", "Quotes", "Contacts", "Items", "Payments", "Accounts")
UNKNOWN = "BRAND_NEW_VALUE"


@dataclass(slots=True, kw_only=True)
class Mischief:
    """`stand_in` is given in the place of the real answer; `commits` says whether the work is done all the same."""

    pause: float = 0.0
    stand_in: Answer | None = None
    commits: bool = False
    cached: bool = False
    late_commit: float | None = None
    delivery: Delivery = PROMPT
    alterations: list[FaultRule] = field(default_factory=list)
    read_lag: float = 0.0
    key_store_down: bool = False
    skew: timedelta = timedelta(0)

    @property
    def prevents_work(self) -> bool:
        """Another answer is given, and nothing is done."""
        return self.stand_in is not None and not (self.commits or self.cached or self.late_commit is not None)

    def alter(self, answer: Answer) -> Answer:
        """The answer as it will be told: other content, other delivery."""
        for rule in self.alterations:
            answer = ALTERATIONS[rule.fault](answer, rule)
        return answer.delivered(self.delivery) if self.delivery is not PROMPT else answer


def mischief_of(rules: list[FaultRule]) -> Mischief:
    mischief = Mischief()
    for rule in rules:
        APPLIED[rule.fault](mischief, rule)
    return mischief


def _latency(mischief: Mischief, rule: FaultRule) -> None:
    mischief.pause += rule.seconds


def _slow_drip(mischief: Mischief, rule: FaultRule) -> None:
    mischief.delivery = replace(mischief.delivery, drip_bytes=DRIP_BYTES, drip_pause=rule.seconds or 0.05)


def _reset_before(mischief: Mischief, _rule: FaultRule) -> None:
    mischief.stand_in = Answer(status=0)
    mischief.delivery = RESET


def _reset_after(mischief: Mischief, _rule: FaultRule) -> None:
    mischief.delivery = RESET


def _lost_answer(mischief: Mischief, _rule: FaultRule) -> None:
    mischief.delivery = LOST


def _late_commit(mischief: Mischief, rule: FaultRule) -> None:
    """The work is done so many seconds later; what is told meanwhile is nothing, or an error of `status`."""
    mischief.late_commit = rule.seconds
    mischief.stand_in = text_answer("Service unavailable", status=rule.status or 503)
    if not rule.status:
        mischief.delivery = LOST


def _cut_off(mischief: Mischief, _rule: FaultRule) -> None:
    mischief.delivery = replace(mischief.delivery, cut_after=20, ending="close")


def _altered(mischief: Mischief, rule: FaultRule) -> None:
    mischief.alterations.append(rule)


def _html(mischief: Mischief, rule: FaultRule) -> None:
    mischief.stand_in = html_answer(HTML, status=rule.status or 200)
    mischief.commits, mischief.cached = rule.commits, rule.cached


def _error(mischief: Mischief, rule: FaultRule) -> None:
    answer = text_answer("The API is currently unavailable, please try again later.", status=rule.status or 500)
    if rule.retry_after is not None:
        answer = answer.with_headers(("Retry-After", str(rule.retry_after)))
    mischief.stand_in = answer
    mischief.commits, mischief.cached = rule.commits, rule.cached


def _throttled(mischief: Mischief, rule: FaultRule) -> None:
    problem = rule.problem or "minute"
    usual = None if problem == "concurrent" else WAITS_WITHOUT_BEING_ASKED
    wait = usual if rule.retry_after is None else rule.retry_after
    mischief.stand_in = too_many(problem, wait if wait is None or wait >= 0 else None)


def _unauthorised(mischief: Mischief, _rule: FaultRule) -> None:
    mischief.stand_in = token_expired(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=30))


def _disconnected(mischief: Mischief, _rule: FaultRule) -> None:
    mischief.stand_in = organisation_not_connected()


def _read_lag(mischief: Mischief, rule: FaultRule) -> None:
    mischief.read_lag = max(mischief.read_lag, rule.seconds or 5.0)


def _clock_skew(mischief: Mischief, rule: FaultRule) -> None:
    mischief.skew += timedelta(seconds=rule.seconds)


def _idempotency_down(mischief: Mischief, _rule: FaultRule) -> None:
    mischief.key_store_down = True


def _truncated(answer: Answer, _rule: FaultRule) -> Answer:
    """A complete message whose JSON ends in the middle."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _shuffled(answer: Answer, rule: FaultRule) -> Answer:
    """The same elements in another order."""

    def shuffle(body: dict[str, Any]) -> None:
        chance = random.Random(rule.skip)  # noqa: S311 - repeatable trials
        for name in ELEMENT_LISTS:
            elements = body.get(name)
            if isinstance(elements, list) and len(elements) > 1:
                before = list(elements)
                while elements == before:
                    chance.shuffle(elements)

    return _rewritten(answer, shuffle)


def _unknown_enum(answer: Answer, rule: FaultRule) -> Answer:
    """A value that no client knows yet, in `key` (Status unless it says otherwise) of every element."""
    key = rule.key or "Status"

    def set_unknown(body: dict[str, Any]) -> None:
        for element in _elements(body):
            if key in element:
                element[key] = UNKNOWN

    return _rewritten(answer, set_unknown)


def _odd_tax_number(answer: Answer, _rule: FaultRule) -> Answer:
    """TaxNumberType as Xero has been seen to write it, which its own SDK cannot read."""

    def set_odd(body: dict[str, Any]) -> None:
        for contact in body.get("Contacts") or []:
            contact["TaxNumberType"] = "TAXNUMBERTYPE/SSN"

    return _rewritten(answer, set_odd)


def _elements(body: dict[str, Any]) -> list[dict[str, Any]]:
    lists = [value for value in body.values() if isinstance(value, list)]
    return [element for values in lists for element in values if isinstance(element, dict)]


def _rewritten(answer: Answer, change: Any) -> Answer:
    if "json" not in answer.header("Content-Type"):
        return answer
    body = json.loads(answer.body)
    if isinstance(body, dict):
        change(body)
    return replace(answer, body=json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode())


ALTERATIONS = {
    "truncated": _truncated,
    "shuffled": _shuffled,
    "unknown_enum": _unknown_enum,
    "odd_tax_number": _odd_tax_number,
}
APPLIED = {
    "latency": _latency,
    "slow_drip": _slow_drip,
    "reset_before": _reset_before,
    "reset_after": _reset_after,
    "lost_answer": _lost_answer,
    "late_commit": _late_commit,
    "cut_off": _cut_off,
    "html": _html,
    "error": _error,
    "throttled": _throttled,
    "unauthorised": _unauthorised,
    "disconnected": _disconnected,
    "read_lag": _read_lag,
    "clock_skew": _clock_skew,
    "idempotency_down": _idempotency_down,
    **dict.fromkeys(ALTERATIONS, _altered),
}

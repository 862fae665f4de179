"""Which faults befall which request: by rule, by probability with a seed, or by the request's own header."""

import random
import re
from dataclasses import dataclass, field, fields
from typing import Any

from integrations.xero_sandbox.wire.http_messages import Request

Json = dict[str, Any]
HEADER = "x-sandbox-fault"
LONGEST = 366 * 86_400
STATUSES = range(200, 600)
FAULTS = frozenset(
    {
        "latency",
        "slow_drip",
        "reset_before",
        "reset_after",
        "lost_answer",
        "late_commit",
        "cut_off",
        "truncated",
        "html",
        "error",
        "throttled",
        "unauthorised",
        "disconnected",
        "unknown_enum",
        "odd_tax_number",
        "read_lag",
        "shuffled",
        "clock_skew",
        "idempotency_down",
    }
)


class FaultNotUnderstoodError(ValueError):
    """A rule names no known fault, or has a field that rules do not have, or a value that the field cannot have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """One fault and the requests it may befall.

    `path` is a regular expression searched in the path; `seconds` are sandbox seconds. `status`, `commits` and
    `cached` belong to error and html, `problem` and `retry_after` to throttled, `key` to unknown_enum.
    `skip` lets the first so many requests pass, `times` ends the rule after so many hits.
    """

    fault: str
    method: str = ""
    path: str = ""
    organisation: str = ""
    probability: float = 1.0
    skip: int = 0
    times: int = 0
    seconds: float = 0.0
    status: int = 0
    commits: bool = False
    cached: bool = False
    problem: str = ""
    retry_after: int | None = None
    key: str = ""

    def fits(self, request: Request) -> bool:
        if self.method and request.method not in self.method.upper().replace(",", " ").split():
            return False
        if self.path and not re.search(self.path, request.path, re.IGNORECASE):
            return False
        return not self.organisation or self.organisation == request.headers.get("xero-tenant-id", "").lower()


def read_rule(values: Json) -> FaultRule:
    known = {each.name for each in fields(FaultRule)}
    unknown = set(values) - known
    if unknown:
        raise FaultNotUnderstoodError(f"A fault rule has no {', '.join(sorted(unknown))}.")
    if values.get("fault") not in FAULTS:
        raise FaultNotUnderstoodError(
            f"There is no fault {values.get('fault')!r}; there are {', '.join(sorted(FAULTS))}."
        )
    rule = FaultRule(**values)
    _check(rule)
    return rule


def read_header(text: str) -> list[FaultRule]:
    """`late_commit;seconds=120, latency;seconds=1`."""
    rules = []
    for part in text.split(","):
        name, *settings = [word.strip() for word in part.split(";")]
        values: Json = {"fault": name}
        for setting in settings:
            key, _, value = setting.partition("=")
            values[key.strip()] = _typed(value.strip())
        rules.append(read_rule(values))
    return rules


@dataclass(slots=True)
class FaultPlan:
    """The rules in force, with their own source of chance."""

    rules: list[FaultRule] = field(default_factory=list)
    seed: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - repeatable trials
    _seen: dict[int, int] = field(default_factory=dict)
    _hit: dict[int, int] = field(default_factory=dict)

    def replace(self, rules: list[FaultRule], *, seed: int = 0) -> None:
        self.rules, self.seed = list(rules), seed
        self._chance.seed(seed)
        self._seen.clear()
        self._hit.clear()

    def choose(self, request: Request) -> list[FaultRule]:
        chosen = [rule for number, rule in enumerate(self.rules) if self._befalls(number, rule, request)]
        if header := request.headers.get(HEADER):
            chosen += read_header(header)
        return chosen

    def hits(self) -> list[int]:
        return [self._hit.get(number, 0) for number in range(len(self.rules))]

    def _befalls(self, number: int, rule: FaultRule, request: Request) -> bool:
        if not rule.fits(request):
            return False
        self._seen[number] = self._seen.get(number, 0) + 1
        if self._seen[number] <= rule.skip or (rule.times and self._hit.get(number, 0) >= rule.times):
            return False
        if self._chance.random() >= rule.probability:
            return False
        self._hit[number] = self._hit.get(number, 0) + 1
        return True


def _check(rule: FaultRule) -> None:
    """Every field has its type and its range, so that a rule fails when it is set and not when it strikes."""
    for each in fields(FaultRule):
        value = getattr(rule, each.name)
        if not isinstance(value, int | float if each.type is float else each.type):  # type: ignore[arg-type]
            raise FaultNotUnderstoodError(f"{each.name} of a fault rule cannot be {value!r}.")
    in_range = {
        "seconds": (-LONGEST if rule.fault == "clock_skew" else 0) <= rule.seconds <= LONGEST,
        "probability": 0 <= rule.probability <= 1,
        "status": rule.status in {0, *STATUSES},
        "problem": rule.problem.isascii() and (rule.problem.isprintable() or not rule.problem),
    }
    if wrong := [name for name, is_right in in_range.items() if not is_right]:
        raise FaultNotUnderstoodError(f"{', '.join(wrong)} of a fault rule is out of range.")
    try:
        re.compile(rule.path)
    except re.error as error:
        raise FaultNotUnderstoodError(f"path of a fault rule is no regular expression: {error}.") from error


def _typed(value: str) -> Any:
    if value.lower() in {"true", "false"}:
        return value.lower() == "true"
    try:
        return int(value)
    except ValueError:
        pass
    try:
        return float(value)
    except ValueError:
        return value

"""Xero's limits: five at once, so many a minute and a day for each organisation, so many a minute for the app.

Source: developer.xero.com/documentation/guides/oauth2/limits. Windows are fixed and reset at different times for each
organisation; that they are fixed rather than rolling is unconfirmed.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

MINUTE, DAY = 60, 86_400
OFF = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`is_enforced` false lets everything through and tells clients that much is left."""

    is_enforced: bool = True
    concurrent: int = 5
    minute: int = 60
    day: int = 5000
    app_minute: int = 10_000


STARTER = Limits(day=1000)
CORE = Limits()
UNLIMITED = Limits(is_enforced=False, concurrent=OFF, minute=OFF, day=OFF, app_minute=OFF)
TIERS = {"starter": STARTER, "core": CORE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    problem: str
    retry_after: int | None


@dataclass(slots=True)
class _Window:
    """A count that starts anew with each window of so many seconds, shifted by an offset."""

    length: int
    offset: int
    number: int = -1
    count: int = 0

    def used(self, now: float) -> int:
        number = int((now + self.offset) // self.length)
        if number != self.number:
            self.number, self.count = number, 0
        return self.count

    def seconds_left(self, now: float) -> int:
        return max(math.ceil(self.length - (now + self.offset) % self.length), 1)


@dataclass(slots=True)
class _Meter:
    minute: _Window
    day: _Window
    in_flight: int = 0


@dataclass(slots=True)
class Throttle:
    """Counts the calls of each app to each organisation."""

    limits: Limits = CORE
    special: dict[str, Limits] = field(default_factory=dict)
    _meters: dict[tuple[str, str], _Meter] = field(default_factory=dict)
    _apps: dict[str, _Window] = field(default_factory=dict)

    def admit(self, client_id: str, organisation_id: str, now: datetime) -> Refusal | None:
        """Count one call, or say why it is refused; a refused call is not counted."""
        limits = self._limits_of(organisation_id)
        meter, app, seconds = self._meter(client_id, organisation_id), self._app(client_id), now.timestamp()
        if meter.in_flight > limits.concurrent:
            return Refusal(problem="concurrent", retry_after=None)
        for problem, window, limit in (
            ("minute", meter.minute, limits.minute),
            ("day", meter.day, limits.day),
            ("appminute", app, limits.app_minute),
        ):
            if window.used(seconds) >= limit:
                return Refusal(problem=problem, retry_after=window.seconds_left(seconds))
        for window in (meter.minute, meter.day, app):
            window.count += 1
        return None

    def enter(self, client_id: str, organisation_id: str) -> None:
        self._meter(client_id, organisation_id).in_flight += 1

    def leave(self, client_id: str, organisation_id: str) -> None:
        self._meter(client_id, organisation_id).in_flight -= 1

    def headers(self, client_id: str, organisation_id: str, now: datetime) -> tuple[tuple[str, str], ...]:
        limits = self._limits_of(organisation_id)
        meter, app, seconds = self._meter(client_id, organisation_id), self._app(client_id), now.timestamp()
        return (
            ("X-DayLimit-Remaining", str(max(limits.day - meter.day.used(seconds), 0))),
            ("X-MinLimit-Remaining", str(max(limits.minute - meter.minute.used(seconds), 0))),
            ("X-AppMinLimit-Remaining", str(max(limits.app_minute - app.used(seconds), 0))),
        )

    def forget(self) -> None:
        self._meters.clear()
        self._apps.clear()
        self.special.clear()

    def _limits_of(self, organisation_id: str) -> Limits:
        return self.special.get(organisation_id, self.limits)

    def _meter(self, client_id: str, organisation_id: str) -> _Meter:
        key = (client_id, organisation_id)
        if key not in self._meters:
            shift = crc32(organisation_id.encode())
            self._meters[key] = _Meter(
                minute=_Window(length=MINUTE, offset=shift % MINUTE), day=_Window(length=DAY, offset=shift % DAY)
            )
        return self._meters[key]

    def _app(self, client_id: str) -> _Window:
        return self._apps.setdefault(client_id, _Window(length=MINUTE, offset=crc32(client_id.encode()) % MINUTE))

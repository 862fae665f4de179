"""What came back from Xero, before anybody decides what it means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

Json = dict[str, Any]
OK, BAD_REQUEST, UNAUTHORISED, FORBIDDEN, NOT_MODIFIED, NOT_FOUND, TOO_MANY = 200, 400, 401, 403, 304, 404, 429

LARGEST = 10**9
LONGEST_STATUS = 12
CONCURRENCY_WAIT, DEFAULT_WAIT = timedelta(seconds=3), timedelta(seconds=60)


class NotJsonError(Exception):
    """The answer is not the JSON object that this call answers with: a gateway's HTML, or half a body."""


class NotSentError(Exception):
    """No byte of the request left: the connection was never made. Nothing can have happened in Xero."""


class HeldUpError(NotSentError):
    """It was too late to send: this worker slept since it had the right to. Xero was not even asked."""


class NotReachedError(HeldUpError):
    """One of several calls that were to be made in turn: one before it ended the turn. Xero was not even asked."""


class NoAnswerError(Exception):
    """The request left and its answer did not come: nobody knows what Xero did with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """
    What the headers say is left; None where they say nothing. `retry_after` in seconds.

    Source: developer.xero.com/documentation/guides/oauth2/limits.
    """

    minute_remaining: int | None
    day_remaining: int | None
    app_minute_remaining: int | None
    problem: str
    retry_after: int | None

    @property
    def wait(self) -> timedelta:
        """After a 429. Too many at once are answered without Retry-After, and are soon over."""
        if self.retry_after is not None:
            return timedelta(seconds=self.retry_after)
        return CONCURRENCY_WAIT if "concurrent" in self.problem else DEFAULT_WAIT

    @property
    def reason(self) -> str:
        return f"Xero's limit ({self.problem or 'unnamed'}) is used up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Header names in lower case; the body as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_ok(self) -> bool:
        return self.status == OK

    @property
    def correlation_id(self) -> str:
        return self.headers.get("xero-correlation-id", "")

    @property
    def limits(self) -> RateLimits:
        return RateLimits(
            minute_remaining=_number(self.headers.get("x-minlimit-remaining")),
            day_remaining=_number(self.headers.get("x-daylimit-remaining")),
            app_minute_remaining=_number(self.headers.get("x-appminlimit-remaining")),
            problem=self.headers.get("x-rate-limit-problem", "").lower(),
            retry_after=_number(self.headers.get("retry-after")),
        )

    def json(self) -> Json:
        """Numbers as Decimal. Raises NotJsonError."""
        try:
            parsed = json.loads(self.body, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise NotJsonError(f"HTTP {self.status} with {len(self.body)} bytes that are not JSON.") from error
        if not isinstance(parsed, dict):
            raise NotJsonError(f"HTTP {self.status} with JSON that is no object.")
        return parsed

    def text(self, longest: int = 4000) -> str:
        return readable(self.body[:longest].decode("utf-8", "replace"))


def status_of(element: Json) -> str:
    """Of a document, cut to what a row keeps: Xero's own are shorter, but one day it may have a new one."""
    return str(element.get("Status", ""))[:LONGEST_STATUS]


def readable(text: str) -> str:
    """Without what PostgreSQL cannot keep in a text: the character NUL, and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _number(header: str | None) -> int | None:
    return min(int(header[:20]), LARGEST) if header and header.isascii() and header.isdigit() else None

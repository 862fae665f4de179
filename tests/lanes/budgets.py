"""Budgets and headers as tests of the pure parts need them."""

from datetime import UTC, datetime
from typing import Any

from integrations.lanes.call_budget import CallBudget
from integrations.xero_gateway.answers import RateLimits

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def budget(minute_left: int = 60, day_left: int = 1000, **fields: Any) -> CallBudget:
    """Both windows have just begun, unless `fields` say otherwise."""
    usual = {"minute_started_at": NOW, "day_started_at": NOW}
    return CallBudget(minute_left=minute_left, day_left=day_left, **(usual | fields))


def limits(minute: int | None = None, day: int | None = None, **fields: Any) -> RateLimits:
    usual = {"app_minute_remaining": None, "problem": "", "retry_after": None}
    return RateLimits(minute_remaining=minute, day_remaining=day, **(usual | fields))

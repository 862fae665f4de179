"""When the schedule sends next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from invoices.models.send_triggers import ScheduleMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """`at_times` count in `zone`."""

    mode: str
    every_minutes: int
    at_times: Sequence[time]
    zone: ZoneInfo


def next_run(schedule: Schedule, *, now: datetime) -> datetime | None:
    """After `now`; None where it is off. A time that the clocks leave out comes an hour later that day."""
    if schedule.mode == ScheduleMode.EVERY:
        return now + timedelta(minutes=schedule.every_minutes)
    if schedule.mode == ScheduleMode.AT_TIMES and schedule.at_times:
        today = now.astimezone(schedule.zone).date()
        moments = [
            _moment(day, at, schedule.zone) for day in (today, today + timedelta(days=1)) for at in schedule.at_times
        ]
        return min(moment for moment in moments if moment > now)
    return None


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)

"""The schedule of an organisation, and when it sends next."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from integrations.models import SendSchedule, XeroConnection
from integrations.models.send_schedule import ScheduleMode


def find_schedule(connection: XeroConnection) -> SendSchedule:
    """As saved, or the one that is off. In the tenant's scope."""
    return SendSchedule.objects.filter(connection=connection).first() or SendSchedule(connection=connection)


def next_run(schedule: SendSchedule, *, zone: ZoneInfo, now: datetime) -> datetime | None:
    """
    Pure. After `now`; None where it is off. Its times of the day count in `zone`; one that the clocks leave out
    comes an hour later that day.
    """
    if schedule.mode == ScheduleMode.EVERY:
        return now + timedelta(minutes=schedule.every_minutes)
    if schedule.mode == ScheduleMode.AT_TIMES and schedule.at_times:
        today = now.astimezone(zone).date()
        days = (today, today + timedelta(days=1))
        moments = [_moment(day, time.fromisoformat(at), zone) for day in days for at in schedule.at_times]
        return min(moment for moment in moments if moment > now)
    return None


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)

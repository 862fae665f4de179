"""How old something is, in the steps that people read: by the day it was due, or by the day its freight moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, IntegerField, Q, Value, When

# The last day of each step, counted back from today; what is older than all of them comes last.
DUE_STEPS = ((0, "Not due"), (30, "1–30 days"), (60, "31–60 days"), (90, "61–90 days"))
WAITING_STEPS = ((7, "Up to 7 days"), (14, "8–14 days"), (30, "15–30 days"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Both days belong to it; None: no end on that side."""

    label: str
    from_date: date | None
    to_date: date | None


def due_buckets(today: date) -> list[Bucket]:
    """What is due today is not overdue yet."""
    return _buckets(today, DUE_STEPS)


def waiting_buckets(today: date) -> list[Bucket]:
    return _buckets(today, WAITING_STEPS)


def bucket_number(buckets: Sequence[Bucket], day: str) -> Case:
    """The place in the list of the bucket in which the field or annotation `day` falls."""
    *younger, oldest = buckets
    whens = [When(Q(**{f"{day}__gte": bucket.from_date}), then=Value(place)) for place, bucket in enumerate(younger)]
    return Case(*whens, default=Value(buckets.index(oldest)), output_field=IntegerField())


def _buckets(today: date, steps: Sequence[tuple[int, str]]) -> list[Bucket]:
    found: list[Bucket] = []
    before: date | None = None
    for days, label in steps:
        from_date = today - timedelta(days=days)
        found.append(Bucket(label=label, from_date=from_date, to_date=before))
        before = from_date - timedelta(days=1)
    return [*found, Bucket(label=f"Over {steps[-1][0]} days", from_date=None, to_date=before)]

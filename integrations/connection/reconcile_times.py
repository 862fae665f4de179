"""How often the books are compared, and how far back. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileTimes:
    every: timedelta = timedelta(minutes=30)
    # Once a day a whole week is read again: what no list of changes told is found then.
    week_every: timedelta = timedelta(days=1)
    week: timedelta = timedelta(days=7)
    # Xero counts in whole seconds, its clock is not ours, and it shows in lists a little later what it has saved.
    overlap: timedelta = timedelta(minutes=5)
    settled_for: timedelta = timedelta(minutes=2)
    # An outcome that is not known for so long is told to people.
    unknown_for: timedelta = timedelta(minutes=30)

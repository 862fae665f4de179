"""Whether a shipment that came to an agreed status, or stands at one when the schedule sends, goes by itself. Pure."""

from dataclasses import dataclass
from enum import Enum, auto

from invoices.models.customer import Grouping, OwnSending


class Verdict(Enum):
    GOES = auto()
    # A person sends, as everybody expects: nothing to tell.
    WAITS = auto()
    HELD = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`reason`: of what is held, for the shipment's history."""

    verdict: Verdict
    reason: str = ""


GOES = Decision(verdict=Verdict.GOES)
WAITS = Decision(verdict=Verdict.WAITS)
# At set times of the day their invoices are complete; weeks and months end when a person says so.
COMPLETE_AT_TIMES = {Grouping.PER_SHIPMENT, Grouping.BY_REFERENCE, Grouping.DAILY}


def on_status(*, is_automatic: bool, own_sending: str, grouping: str, customer: str) -> Decision:
    """`customer`: his name; the other two of him are empty where the shipment names nobody yet."""
    if own_sending == OwnSending.NEVER:
        return _held(f"{customer} is only sent by a person.") if is_automatic else WAITS
    if not is_automatic and own_sending != OwnSending.ALWAYS:
        return WAITS
    if grouping not in {"", Grouping.PER_SHIPMENT}:
        return _held(f"{customer} gets {Grouping(grouping).label.lower()}: a person or the schedule sends it.")
    return GOES


def kept_from_schedule(*, is_at_set_times: bool) -> set[Grouping]:
    """Groupings whose invoices are not complete yet whenever the schedule comes by."""
    complete = COMPLETE_AT_TIMES if is_at_set_times else {Grouping.PER_SHIPMENT}
    return set(Grouping) - complete


def _held(reason: str) -> Decision:
    return Decision(verdict=Verdict.HELD, reason=reason)

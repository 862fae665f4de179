"""What a mass change of status does with shipments, and what it leaves as it is. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from invoices.models.shipment import ShipmentStatus

# On the way to Xero, stopped there, or in it.
WITH_DOCUMENTS = {"queued", "sending", "unknown", "attention", "in xero"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPreview:
    """`skipped`: reasons with their numbers, the commonest first. `from_statuses`: labels of what changes."""

    changing: int
    from_statuses: list[tuple[str, int]]
    skipped: list[tuple[str, int]]


def why_status_stays(*, current: str, wanted: str, accounting_state: str) -> str:
    """Empty where it changes."""
    if current == wanted:
        return f"It is {ShipmentStatus(wanted).label} already."
    if current == ShipmentStatus.CANCELLED:
        return "It is cancelled; whoever takes that back does it on the shipment itself."
    if wanted == ShipmentStatus.CANCELLED and accounting_state in WITH_DOCUMENTS:
        return "It has documents in accounting; give them up or void them first."
    return ""


def preview_change(groups: Iterable[tuple[str, str, int]], *, wanted: str) -> StatusPreview:
    """`groups`: status, accounting state, and how many shipments have both."""
    changing: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for current, accounting_state, count in groups:
        reason = why_status_stays(current=current, wanted=wanted, accounting_state=accounting_state)
        (skipped if reason else changing)[reason or str(ShipmentStatus(current).label)] += count
    return StatusPreview(changing=changing.total(), from_statuses=changing.most_common(), skipped=skipped.most_common())

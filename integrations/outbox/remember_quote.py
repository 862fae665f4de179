"""
What stands in Xero of a quote that is about to be changed: whatever is not sent again with the change, Xero empties.

It serves one attempt. Somebody may have worked on the quote before the next, which therefore reads anew.
"""

from collections.abc import Iterable
from typing import Any

import structlog
from django.db.models import F

from integrations.connection.read_from_xero import XeroReader
from integrations.job_states import OPEN_STATES
from integrations.lanes.claim_lane import held_scope
from integrations.mapping.problems import problem
from integrations.models import SyncJob
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.due_jobs import load_jobs
from integrations.outbox.find_in_xero import Element
from integrations.outbox.job_events import Rejected

# What a change of a quote must send again (xero-python 15.2.0's recorded answers).
STANDING_FIELDS = (
    "QuoteID", "QuoteNumber", "Reference", "Terms", "Title", "Summary", "LineAmountTypes", "CurrencyCode",
    "CurrencyRate", "BrandingThemeID", "Status",
)  # fmt: skip
log = structlog.get_logger(__name__)


def remember_quote(reader: XeroReader, job: SyncJob) -> None:
    """One that is gone counts as a change refused. Raises ReadPostponedError, LaneLostError."""
    quote = next((one for one in reader.read(f"Quotes/{job.xero_id}") if one.get("Status") != "DELETED"), None)
    with held_scope(reader.held) as now:
        if quote is not None:
            # With a key of its own: other bytes under a key that was used are refused, and to do it twice is once.
            SyncJob.objects.filter(pk=job.pk).update(standing=_standing(quote), generation=F("generation") + 1)
            return
        log.warning("quote is gone from Xero", job=job.pk, number=job.document.number, quote=str(job.xero_id))
        still_open = [one for one in load_jobs((job.pk,)) if one.state in OPEN_STATES]
        happen([Happened(one, Rejected((problem("FB-506"),))) for one in still_open], now=now)


def forget_standing(jobs: Iterable[SyncJob]) -> None:
    """In the transaction that commits the intent of an attempt."""
    standing = [job for job in jobs if job.standing is not None]
    for job in standing:
        job.standing = None
    if standing:
        SyncJob.objects.filter(pk__in=[job.pk for job in standing]).update(standing=None)


def _standing(element: Element) -> dict[str, Any]:
    kept: dict[str, Any] = {name: element[name] for name in STANDING_FIELDS if element.get(name) not in {None, ""}}
    for name in ("Date", "ExpiryDate"):
        if element.get(f"{name}String"):
            kept[name] = str(element[f"{name}String"])[:10]
    kept["Contact"] = {"ContactID": element["Contact"]["ContactID"]}
    rate = kept.pop("CurrencyRate", None)
    return {**kept, "CurrencyRate": float(rate)} if rate is not None else kept

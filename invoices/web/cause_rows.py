"""Causes as rows of a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from integrations.problem_catalogue.codes import CATALOGUE
from invoices.models import CauseCare
from invoices.workflows.care_for_cause import title_of
from invoices.workflows.find_causes import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRow:
    """`count`: shipments, or documents that are about none. `snoozed_until` None: it is shown."""

    public_id: UUID
    code: str
    title: str
    mended_by: str
    count: int
    counted: str
    stopped: int
    unsent: int
    amounts: tuple[tuple[str, Decimal], ...]
    since: datetime
    assigned_to: str
    assigned_to_id: int | None
    snoozed_until: date | None


def cause_rows(causes: Iterable[Cause], cares: Mapping[UUID, CauseCare], *, today: date) -> list[CauseRow]:
    return [_row(cause, cares.get(cause.key.public_id), today) for cause in causes]


def _row(cause: Cause, care: CauseCare | None, today: date) -> CauseRow:
    noun = "shipment" if cause.shipments else "document"
    member = care.assigned_to if care else None
    until = care.snoozed_until_date if care else None
    return CauseRow(
        public_id=cause.key.public_id,
        code=cause.key.code,
        title=title_of(cause),
        mended_by=CATALOGUE[cause.key.code].mended_by,
        count=cause.count,
        counted=f"{cause.count:,} {noun}{'' if cause.count == 1 else 's'}",
        stopped=cause.stopped,
        unsent=cause.unsent,
        amounts=cause.amounts,
        since=cause.since,
        assigned_to=(member.user.name or member.user.email) if member else "",
        assigned_to_id=member.pk if member else None,
        snoozed_until=until if until and until > today else None,
    )

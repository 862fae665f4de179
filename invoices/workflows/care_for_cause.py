"""Who sees to a cause, and until when it is put off."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from freightbridge.access.models import Membership
from freightbridge.audit.record_event import record_event
from integrations.problem_catalogue.describe import describe
from invoices.models import CauseCare
from invoices.workflows.find_causes import Cause


def title_of(cause: Cause) -> str:
    """What lacks, in a sentence; of documents that each have words of their own, what they have in common."""
    described = describe(cause.problem)
    return described.text if cause.key.subject else f"{described.entry.title}."


def cares_of(causes: Iterable[UUID]) -> dict[UUID, CauseCare]:
    cares = CauseCare.objects.filter(cause__in=list(causes)).select_related("assigned_to__user")
    return {care.cause: care for care in cares}


def snoozed_causes(*, today: date) -> list[UUID]:
    return list(CauseCare.objects.filter(snoozed_until_date__gt=today).values_list("cause", flat=True))


def assign_cause(cause: Cause, member: Membership | None, *, by: str, now: datetime) -> None:
    care = _care_of(cause)
    before, after = _email(care.assigned_to), _email(member)
    care.assigned_to = member
    care.save(update_fields=["assigned_to"])
    record_event(action="cause assigned", subject=care, by=by, now=now, assigned={"before": before, "after": after})


def snooze_cause(cause: Cause, until: date | None, *, by: str, now: datetime) -> None:
    """None: it is shown again at once."""
    care = _care_of(cause)
    before, care.snoozed_until_date = care.snoozed_until_date, until
    care.save(update_fields=["snoozed_until_date"])
    change = {"before": before.isoformat() if before else "", "after": until.isoformat() if until else ""}
    record_event(action="cause put off", subject=care, by=by, now=now, until=change)


def note_mend(cause: Cause, *, chosen: str, resent: int, sent: int, by: str, now: datetime) -> None:
    """Beside what the mend itself has changed and sent: so that its page can say later that it is over."""
    details = {"chosen": chosen, "resent": resent, "sent": sent}
    record_event(action="cause mended", subject=_care_of(cause), by=by, now=now, **details)


def _care_of(cause: Cause) -> CauseCare:
    title = title_of(cause)[:300]
    care, _ = CauseCare.objects.select_related("assigned_to__user").get_or_create(
        cause=cause.key.public_id, defaults={"title": title}
    )
    return care


def _email(member: Membership | None) -> str:
    return member.user.email if member else ""

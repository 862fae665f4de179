"""Who changed a rule or a link last, and when, by whichever way: from the versions, and from what was written down."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from freightbridge.audit.models import AuditEvent
from freightbridge.audit.record_event import SYSTEM
from integrations.mapping.rule_rows import row_told_of
from integrations.models import ContactLink, RulesVersion, XeroConnection

# What was changed longer ago than so many versions is shown as unknown, so that a page stays quick for ever.
READ_VERSIONS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    by: str
    at: datetime


def last_changes(connection: XeroConnection) -> dict[str, LastChange]:
    """By the words of the rule's row. One query, in the tenant's scope."""
    newest = RulesVersion.objects.filter(connection=connection).order_by("-number")
    found: dict[str, LastChange] = {}
    for by, at, changes in newest.values_list("by", "at", "changes")[:READ_VERSIONS]:
        for sentence in changes:
            found.setdefault(row_told_of(sentence), LastChange(by=by, at=at))
    return found


def last_link_changes(connection: XeroConnection, customer_codes: Collection[str]) -> dict[str, LastChange]:
    """By customer code; two queries, in the tenant's scope. What nobody wrote down was matched by FreightBridge."""
    links = list(ContactLink.objects.filter(connection=connection, customer_code__in=customer_codes))
    events = AuditEvent.objects.filter(subject_id__in=[link.public_id for link in links])
    newest = events.order_by("subject_id", "-at", "-id").distinct("subject_id")
    told = {subject: LastChange(by=by, at=at) for subject, by, at in newest.values_list("subject_id", "actor", "at")}
    return {link.customer_code: told.get(link.public_id, LastChange(by=SYSTEM, at=link.matched_at)) for link in links}

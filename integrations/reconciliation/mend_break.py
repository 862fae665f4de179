"""What a person can do about a break: say that it is all right, take a second document away, send ours again."""

from datetime import datetime

from django.conf import settings

from freightbridge.audit.record_event import record_event
from integrations.job_states import BreakKind, JobState, Operation
from integrations.mapping.source import ExportableDocument, from_json
from integrations.models import LedgerBreak, SyncJob
from integrations.models.sync_job import Priority
from integrations.outbox.enqueue_change import enqueue_update
from integrations.outbox.enqueue_discard import enqueue_discard
from integrations.outbox.sender import Sender
from integrations.reconciliation.record_breaks import close_break
from integrations.reference_data.load_rules import load_rules

# A second document may be taken away whatever its status, as long as no money stands on it.
REMOVABLE = frozenset({BreakKind.DUPLICATE})
RESTORABLE = frozenset({BreakKind.FIGURES})


class NotMendableError(Exception):
    """This cannot be done about it; the message says why."""


def settle_by_hand(one: LedgerBreak, *, reason: str, by: str, now: datetime) -> None:
    """In the tenant's scope, as all here. Raises NotMendableError."""
    _require_open(one)
    if not reason:
        raise NotMendableError("Nothing was changed: say in a few words why it is all right.")
    close_break(one, by=by, reason=reason, now=now)
    record_event(action="break settled by hand", subject=one, by=by, now=now, reason=reason)


def take_away(one: LedgerBreak, *, by: str, now: datetime) -> None:
    """The second document is voided in Xero, or deleted while it is a draft. Raises NotMendableError."""
    _require_open(one)
    if one.kind not in REMOVABLE or one.document is None or one.xero_id is None:
        raise NotMendableError("Only a second document of one that is known here can be taken away.")
    enqueue_discard(one.document, one.xero_id, now=now, by=by, voids=True)
    record_event(action="second document taken away", subject=one, by=by, now=now)


def send_figures_again(one: LedgerBreak, *, by: str, now: datetime) -> None:
    """Xero gets the lines that were sent last once more. Raises NotMendableError."""
    _require_open(one)
    delivered = SyncJob.objects.filter(
        document=one.document, operation__in=[Operation.CREATE, Operation.UPDATE], state=JobState.DONE
    ).last()
    if one.kind not in RESTORABLE or delivered is None or one.document is None:
        raise NotMendableError("Only a document whose figures differ can be sent again.")
    source = from_json(ExportableDocument, delivered.source)
    sender = Sender(
        connection=one.connection,
        rules=load_rules(one.connection, customer_codes=[source.party.code]),
        link_base=settings.PUBLIC_BASE_URL,
        by=by,
        priority=Priority.INTERACTIVE,
    )
    enqueue_update(one.document, source, sender=sender, now=now)
    record_event(action="figures sent again", subject=one, by=by, now=now)


def _require_open(one: LedgerBreak) -> None:
    if one.closed_at is not None:
        raise NotMendableError("It is settled already.")

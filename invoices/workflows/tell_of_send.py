"""Tells the person who sent a batch that it is finished: under the bell, and by mail where it took its time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db.models import Count, Max

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.notices.leave_mail import absolute, leave_mail
from freightbridge.notices.leave_notice import leave_notice
from freightbridge.notices.mail_kinds import MailKind
from freightbridge.notices.models import Tone
from freightbridge.notices.people_who_may import members_named
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address
from integrations.job_states import OPEN_STATES, JobState
from integrations.models import SendBatch
from integrations.models.send_batch import MemberOutcome
from integrations.outbox.requeue_job import STOPPED
from invoices.work_names import TELL_OF_SEND
from invoices.workflows.next_look import first_look_at, next_look_at

# Nobody waits for a mail about what was over while he looked on.
LONG = timedelta(minutes=1)
TWO_HOURS = 120
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """How many documents, and how many shipments were skipped; `last_at`: when the last document had its answer."""

    documents: int
    in_xero: int
    stopped: int
    cancelled: int
    skipped: int
    is_over: bool
    last_at: datetime | None

    @property
    def words(self) -> str:
        """Such as "48 of 50 sent, 2 need attention"."""
        rest = {
            f"need{'s' if self.stopped == 1 else ''} attention": self.stopped,
            "cancelled": self.cancelled,
            "skipped": self.skipped,
        }
        return ", ".join(
            [f"{self.in_xero} of {self.documents} sent", *(f"{count} {what}" for what, count in rest.items() if count)]
        )


def watch_send(batch: SendBatch, *, now: datetime) -> None:
    """In the transaction that sets it going, or sets some of it going again."""
    enqueue_work(TELL_OF_SEND, [batch.pk], now=now, at=first_look_at(now))


def tell_of_send(work: Work) -> Again | None:
    """Background work on a batch. The cursor is the second in which it was first looked at."""
    with tenant_scope(work.tenant_id):
        batch, now = SendBatch.objects.get(pk=work.subject_id), read_clock()
        began_at = datetime.fromtimestamp(work.cursor, UTC) if work.cursor else now
        result = _result_of(batch)
        if not result.is_over:
            return Again(at=next_look_at(now, began_at=began_at), cursor=int(began_at.timestamp()))
        _tell(batch, result, Tenant.objects.get(pk=work.tenant_id), began_at=began_at, now=now)
        return None


def telling_of_send_gave_up(work: Work, reason: str) -> None:
    """Its page tells the same."""
    log.error("nobody told of a finished send", batch=work.subject_id, reason=reason)


def _result_of(batch: SendBatch) -> SendResult:
    states = dict(batch.jobs.order_by().values_list("state").annotate(Count("id")))
    is_open = any(states.get(state) for state in OPEN_STATES)
    return SendResult(
        documents=sum(states.values()),
        in_xero=states.get(JobState.DONE, 0),
        stopped=sum(states.get(state, 0) for state in STOPPED),
        cancelled=states.get(JobState.CANCELLED, 0),
        skipped=batch.members.filter(outcome=MemberOutcome.SKIPPED).count(),
        is_over=batch.prepared_at is not None and not is_open and not batch.retried_by,
        last_at=batch.jobs.aggregate(last=Max("finished_at"))["last"],
    )


def _tell(batch: SendBatch, result: SendResult, tenant: Tenant, *, began_at: datetime, now: datetime) -> None:
    sender = members_named(batch.started_by)
    last_at = result.last_at or batch.prepared_at or now
    key, address = f"send {batch.number} {last_at}", page_address(tenant, "send_batch", batch.number)
    is_fine = not result.stopped and not batch.failure
    text = f"Send {batch.number}: {result.words}"
    leave_notice(sender, text, key=key, now=now, address=address, tone=Tone.DONE if is_fine else Tone.TROUBLE)
    if last_at - began_at <= LONG:
        return
    leave_mail(
        MailKind.SEND_FINISHED,
        sender,
        template="send_finished",
        context=_context(batch, result, tenant, took=last_at - began_at),
        key=key,
        tenant=tenant,
        now=now,
    )


def _context(batch: SendBatch, result: SendResult, tenant: Tenant, *, took: timedelta) -> dict[str, Any]:
    minutes = max(1, round(took.total_seconds() / 60))
    return {
        "number": batch.number,
        "words": result.words,
        "took": f"{minutes} min" if minutes < TWO_HOURS else f"{round(minutes / 60)} h",
        "rows": [
            {"label": "Documents", "count": result.documents},
            {"label": "In Xero", "count": result.in_xero},
            {"label": "Need attention", "count": result.stopped},
            {"label": "Cancelled", "count": result.cancelled},
            {"label": "Shipments skipped", "count": result.skipped},
        ],
        "stopped": result.stopped,
        "failure": batch.failure,
        "address": absolute(page_address(tenant, "send_batch", batch.number)),
        "attention_address": absolute(page_address(tenant, "attention")),
    }

"""Tells the person who mended a cause what it brought: "Fixed by you, 14 sent" (B.4)."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import structlog
from django.db.models import Q, QuerySet

from freightbridge.background_work.enqueue_work import enqueue_work, has_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.notices.leave_notice import leave_notice
from freightbridge.notices.models import Tone
from freightbridge.notices.people_who_may import members_named
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address
from integrations.job_states import OPEN_STATES, JobState
from integrations.models import SendBatch, SyncJob
from integrations.outbox.requeue_job import STOPPED
from invoices.models import MendWatch
from invoices.work_names import SEND_MENDED, TELL_OF_MEND
from invoices.workflows.care_for_cause import title_of
from invoices.workflows.find_causes import Cause
from invoices.workflows.mend_cause import WentOn
from invoices.workflows.next_look import first_look_at, next_look_at
from invoices.workflows.send_mended import leave_to_worker, left_to_worker

log = structlog.get_logger(__name__)


def watch_mend(cause: Cause, jobs: Collection[int], went_on: WentOn, *, by: str, now: datetime) -> None:
    """
    `jobs`: those that the cause had stopped; what still stands goes no further by this, unless a worker is to send it
    on: he begins here. What an earlier click has left to him is his already. In the tenant's scope.
    """
    going = set(SyncJob.objects.filter(pk__in=list(jobs), state__in=OPEN_STATES).values_list("pk", flat=True))
    later = set(went_on.later) - left_to_worker() if went_on.later else set()
    batch = went_on.batch
    if not going and not later and batch is None:
        return
    watch = MendWatch.objects.create(
        title=title_of(cause)[:300], by=by, at=now, jobs=sorted(going | later),
        send_number=batch.number if batch else None,
    )  # fmt: skip
    if later:
        leave_to_worker(watch)
    enqueue_work(TELL_OF_MEND, [watch.pk], now=now, at=first_look_at(now))


def tell_of_mend(work: Work) -> Again | None:
    """Background work on a watch."""
    with tenant_scope(work.tenant_id):
        watch, now = MendWatch.objects.get(pk=work.subject_id), read_clock()
        states = Counter(_jobs_of(watch).values_list("state", flat=True))
        is_under_way = _is_being_prepared(watch) or has_work(SEND_MENDED, watch.pk)
        if is_under_way or any(states[state] for state in OPEN_STATES):
            return Again(at=next_look_at(now, began_at=watch.at))
        _tell(watch, states, tenant=Tenant.objects.get(pk=work.tenant_id), now=now)
        watch.delete()
        return None


def telling_of_mend_gave_up(work: Work, reason: str) -> None:
    """The page of what needs attention tells the same. What a worker still sends on for it stays in its row."""
    log.error("nobody told of a mend", watch=work.subject_id, reason=reason)
    with tenant_scope(work.tenant_id):
        if not has_work(SEND_MENDED, work.subject_id):
            MendWatch.objects.filter(pk=work.subject_id).delete()


def _is_being_prepared(watch: MendWatch) -> bool:
    number = watch.send_number
    return number is not None and SendBatch.objects.filter(number=number, prepared_at=None).exists()


def _jobs_of(watch: MendWatch) -> QuerySet[SyncJob]:
    of_send = Q() if watch.send_number is None else Q(batch__number=watch.send_number)
    return SyncJob.objects.filter(Q(pk__in=watch.jobs) | of_send).order_by()


def _tell(watch: MendWatch, states: Counter[str], *, tenant: Tenant, now: datetime) -> None:
    sent, stopped = states[JobState.DONE], sum(states[state] for state in STOPPED)
    still = f", {stopped} still need{'s' if stopped == 1 else ''} attention" if stopped else ""
    leave_notice(
        members_named(watch.by),
        f"Fixed by you, {sent} sent{still}: {watch.title}",
        key=f"mend {watch.public_id}",
        now=now,
        address=page_address(tenant, "attention") if stopped else _address(watch, tenant),
        tone=Tone.TROUBLE if stopped else Tone.DONE,
    )


def _address(watch: MendWatch, tenant: Tenant) -> str:
    if watch.send_number is None:
        return page_address(tenant, "accounting_logs")
    return page_address(tenant, "send_batch", watch.send_number)

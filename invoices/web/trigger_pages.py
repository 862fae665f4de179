"""Settings → When shipments go: by the form, on reaching a status, or by schedule."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from integrations.models import SendBatch
from integrations.models.send_batch import MemberOutcome
from integrations.web.batch_progress import BatchProgress, progress_of
from invoices.domain.find_triggers import find_triggers
from invoices.models import Customer, SendTriggers
from invoices.models.customer import OwnSending
from invoices.web.trigger_form import TriggerForm
from invoices.workflows.save_triggers import save_triggers
from invoices.workflows.send_by_schedule import run_now

SHOWN_CHANGES = 20
SHOWN_REASONS = 20
SHOWN_CUSTOMERS = 50


@requires(Permission.VIEW_SETTINGS)
def send_triggers(request: TenantRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    if data is not None:
        check(request.membership, Permission.MANAGE_SENDING_RULES)
    triggers, now = find_triggers(), read_clock()
    form = TriggerForm(data, instance=triggers)
    if form.is_valid():
        changes = form_changes(form)
        save_triggers(form.save(commit=False), changes=changes, tenant=request.tenant, by=request.user.email, now=now)
        messages.success(request, "Saved; it counts from now on.")
        return redirect_to_page(request, "send_triggers")
    # A form that was refused has written what was typed onto its instance.
    saved = find_triggers() if data is not None else triggers
    events = AuditEvent.objects.filter(subject_id=saved.public_id).order_by("-at", "-id")[:SHOWN_CHANGES]
    own = Customer.objects.exclude(own_sending=OwnSending.BY_RULES).order_by("name")
    context: dict[str, Any] = {
        "form": form,
        "triggers": saved,
        "last": _last_run(saved),
        "is_due": saved.next_run_at is not None and saved.next_run_at <= now,
        "events": events,
        "own": own[:SHOWN_CUSTOMERS],
    }
    return render_page(request, "invoices/send_triggers.html", context, part="last-run")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def schedule_run_now(request: TenantRequest) -> HttpResponse:
    triggers = SendTriggers.objects.select_for_update().first() or SendTriggers()
    run_now(triggers, now=read_clock())
    messages.success(request, "What is ready at the agreed statuses is being sent.")
    return redirect_to_page(request, "send_triggers")


def _last_run(triggers: SendTriggers) -> dict[str, Any]:
    """Empty: it never ran. `skipped`: reasons with their numbers, of the batch and of what never came into one."""
    if triggers.last_run_at is None:
        return {}
    batch = SendBatch.objects.filter(number=triggers.last_batch_number).first() if triggers.last_batch_number else None
    progress: BatchProgress | None = progress_of([batch])[0][1] if batch else None
    skipped = [(held["reason"], held["count"]) for held in triggers.last_held]
    if batch:
        members = batch.members.filter(outcome=MemberOutcome.SKIPPED).order_by().values_list("reason")
        skipped += list(members.annotate(count=Count("id")).order_by("-count")[:SHOWN_REASONS])
    return {"batch": batch, "progress": progress, "skipped": skipped}

"""Settings → When shipments go: by the form, on reaching a status, or by the schedule of an organisation."""

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
from integrations.connection.active_connection import NOT_CONNECTED
from integrations.connection.scheduled_sends import find_schedule
from integrations.models import SendBatch, SendSchedule, XeroConnection
from integrations.models.send_batch import MemberOutcome
from integrations.models.send_schedule import ScheduleMode
from integrations.web.batch_progress import BatchProgress, progress_of
from integrations.web.connection_strip import connection_of
from invoices.domain.find_triggers import find_triggers
from invoices.models import Customer
from invoices.models.customer import OwnSending
from invoices.web.trigger_form import ScheduleForm, TriggerForm
from invoices.workflows.save_triggers import save_schedule, save_triggers
from invoices.workflows.send_by_schedule import run_now

SHOWN_CHANGES = 20
SHOWN_REASONS = 20
SHOWN_CUSTOMERS = 50


@requires(Permission.VIEW_SETTINGS)
def send_triggers(request: TenantRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    if data is not None:
        check(request.membership, Permission.MANAGE_SENDING_RULES)
    connection = connection_of(request)
    schedule_form = ScheduleForm(data, instance=find_schedule(connection)) if connection else None
    form = TriggerForm(
        data, instance=find_triggers(), has_schedule=data is not None and _goes_by_schedule(schedule_form)
    )
    if form.is_valid() and (schedule_form is None or schedule_form.is_valid()):
        _save(form, schedule_form, request)
        messages.success(request, "Saved; it counts from now on.")
        return redirect_to_page(request, "send_triggers")
    return render_page(request, "invoices/send_triggers.html", _shown(form, schedule_form, connection), part="last-run")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def schedule_run_now(request: TenantRequest) -> HttpResponse:
    connection = connection_of(request)
    if connection is None:
        messages.error(request, NOT_CONNECTED)
    else:
        run_now(connection, now=read_clock())
        messages.success(request, f"What is ready at the agreed statuses is being sent to {connection.name}.")
    return redirect_to_page(request, "send_triggers")


def _goes_by_schedule(form: ScheduleForm | None) -> bool:
    """As it would be saved, this organisation's schedule or another one's."""
    mode = form.cleaned_data.get("mode", ScheduleMode.OFF) if form and not form.errors else ScheduleMode.OFF
    others = SendSchedule.objects.exclude(mode=ScheduleMode.OFF)
    return mode != ScheduleMode.OFF or (others.exclude(pk=form.instance.pk) if form else others).exists()


def _save(form: TriggerForm, schedule_form: ScheduleForm | None, request: TenantRequest) -> None:
    by, now = request.user.email, read_clock()
    save_triggers(form.save(commit=False), changes=form_changes(form), by=by, now=now)
    if schedule_form and schedule_form.has_changed():
        changes = form_changes(schedule_form)
        save_schedule(schedule_form.save(commit=False), changes=changes, tenant=request.tenant, by=by, now=now)


def _shown(form: TriggerForm, schedule_form: ScheduleForm | None, connection: XeroConnection | None) -> dict[str, Any]:
    """The rows are read anew, since a form that was refused has written what was typed onto its instance."""
    triggers = find_triggers()
    schedule = find_schedule(connection) if connection else None
    subjects = [one.public_id for one in (triggers, schedule) if one]
    own = Customer.objects.exclude(own_sending=OwnSending.BY_RULES).order_by("name")
    return {
        "form": form,
        "schedule_form": schedule_form,
        "connection": connection,
        "schedule": schedule,
        "last": _last_run(schedule) if schedule else {},
        "is_due": bool(schedule and schedule.next_run_at and schedule.next_run_at <= read_clock()),
        "events": AuditEvent.objects.filter(subject_id__in=subjects).order_by("-at", "-id")[:SHOWN_CHANGES],
        "own": own[:SHOWN_CUSTOMERS],
    }


def _last_run(schedule: SendSchedule) -> dict[str, Any]:
    """Empty: it never ran. `skipped`: reasons with their numbers, of the batch and of what never came into one."""
    if schedule.last_run_at is None:
        return {}
    batch = SendBatch.objects.filter(number=schedule.last_batch_number).first() if schedule.last_batch_number else None
    progress: BatchProgress | None = progress_of([batch])[0][1] if batch else None
    skipped = [(held["reason"], held["count"]) for held in schedule.last_held]
    if batch:
        members = batch.members.filter(outcome=MemberOutcome.SKIPPED).order_by().values_list("reason")
        skipped += list(members.annotate(count=Count("id")).order_by("-count")[:SHOWN_REASONS])
    return {"batch": batch, "progress": progress, "skipped": skipped}

"""What is clicked on a cause: save and send, give it to somebody, put it off, do not send."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from freightbridge.access.models import Membership
from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.connection.active_connection import NotConnectedError
from integrations.models import SendBatch
from integrations.outbox.change_mapping import MappingRefusedError
from integrations.web.connection_strip import connection_of
from invoices.web.attention_pages import nothing_waits
from invoices.web.cause_picker import picker_of
from invoices.web.given_up_words import marked_words
from invoices.workflows.care_for_cause import assign_cause, note_mend, snooze_cause
from invoices.workflows.find_causes import Cause, find_cause, shipments_of, stopped_jobs_of
from invoices.workflows.mark_do_not_send import mark_do_not_send
from invoices.workflows.mend_cause import WentOn, mend_cause, send_on
from invoices.workflows.tell_of_mend import watch_mend


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def attention_save(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """`send`: what was not sent yet goes too. A second click finds the batch of the first one."""
    token = _uuid(request.POST.get("form_token", ""))
    sent = SendBatch.objects.filter(form_token=token).first() if token else None
    if sent is not None:
        return redirect_to_page(request, "send_batch", sent.number)
    cause = find_cause(public_id)
    if cause is None:
        return nothing_waits(request, public_id)
    if token is None:
        raise BadRequest("The form has no token.")
    try:
        went_on = _save(request, cause, token)
    except (MappingRefusedError, NotConnectedError) as error:
        messages.error(request, f"Not saved. {error}")
        return redirect_to_page(request, "attention_cause", public_id)
    messages.success(request, _words(went_on, cause))
    if went_on.batch is not None:
        return redirect_to_page(request, "send_batch", went_on.batch.number)
    return redirect_to_page(request, "attention")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def attention_assign(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """Nobody, where the member is empty."""
    cause = find_cause(public_id)
    if cause is None:
        return nothing_waits(request, public_id)
    wanted = request.POST.get("member", "")
    members = Membership.objects.filter(user__is_active=True).select_related("user")
    member = get_object_or_404(members, public_id=_uuid(wanted)) if wanted else None
    assign_cause(cause, member, by=request.user.email, now=read_clock())
    name = (member.user.name or member.user.email) if member else "nobody"
    messages.success(request, f"Given to {name}.")
    return redirect_to_page(request, "attention_cause", public_id)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def attention_snooze(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """Shown again at once, where the day is empty."""
    cause = find_cause(public_id)
    if cause is None:
        return nothing_waits(request, public_id)
    now, text = read_clock(), request.POST.get("until", "")
    until = _day(text) if text else None
    if text and (until is None or until <= now.astimezone(request.tenant.zone).date()):
        messages.error(request, "Not put off. Choose a day after today.")
        return redirect_to_page(request, "attention_cause", public_id)
    snooze_cause(cause, until, by=request.user.email, now=now)
    messages.success(request, f"Put off until {until:%d %b %Y}." if until else "It is shown again.")
    return redirect_to_page(request, "attention")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def attention_do_not_send(request: TenantRequest, public_id: UUID) -> HttpResponse:
    cause = find_cause(public_id)
    if cause is None:
        return nothing_waits(request, public_id)
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        messages.error(request, "Nothing was changed: say in a few words why they are not sent.")
        return redirect_to_page(request, "attention_cause", public_id)
    marked = mark_do_not_send(shipments_of(cause.key), reason=reason, by=request.user.email, now=read_clock())
    messages.success(request, marked_words(marked, is_marked=True))
    return redirect_to_page(request, "attention")


def _save(request: TenantRequest, cause: Cause, token: UUID) -> WentOn:
    by, now, chosen = request.user.email, read_clock(), request.POST.get("chosen", "").strip()
    picker, went_on = picker_of(cause, connection_of(request)), WentOn()
    stopped = list(stopped_jobs_of(cause.key).values_list("pk", flat=True)) if cause.stopped else []
    if picker is not None:
        check(request.membership, picker.needs)
        went_on = mend_cause(cause, chosen, by=by, now=now)
    if "send" in request.POST:
        went_on = send_on(cause, mended=went_on, form_token=token, by=by, now=now)
    sent = cause.unsent if went_on.batch else 0
    watch_mend(cause, stopped, went_on, by=by, now=now)
    resent = went_on.resent + len(went_on.later)
    note_mend(cause, chosen=chosen if picker else "", resent=resent, sent=sent, by=by, now=now)
    return went_on


def _words(went_on: WentOn, cause: Cause) -> str:
    sentences = ["Saved."]
    if went_on.resent:
        sentences.append(f"{went_on.resent} stopped document{'' if went_on.resent == 1 else 's'} go on.")
    elif went_on.later:
        sentences.append(f"{len(went_on.later)} stopped documents are being tried again.")
    elif cause.stopped and went_on.batch is None:
        sentences.append("What was stopped still cannot go: something else stands in its way.")
    if went_on.batch is not None:
        sentences.append(f"{cause.unsent} shipment{'' if cause.unsent == 1 else 's'} are being sent.")
    elif cause.unsent:
        sentences.append("What is not sent yet is being checked again.")
    return " ".join(sentences)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""What is clicked on a send: pause, go on, cancel the rest, try the failed ones again, take the result along."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.connection.active_connection import NotConnectedError
from integrations.models import SendBatch
from invoices.web.batch_report import batch_report
from invoices.workflows.retry_batch import retry_failed
from invoices.workflows.steer_batch import cancel_rest, pause_batch, resume_batch

Steer = Callable[..., bool]


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def batch_pause(request: TenantRequest, number: int) -> HttpResponse:
    return _steer(request, number, pause_batch, done="Paused. What Xero has begun goes on to its end.")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def batch_resume(request: TenantRequest, number: int) -> HttpResponse:
    return _steer(request, number, resume_batch, done="It goes on.")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def batch_cancel(request: TenantRequest, number: int) -> HttpResponse:
    return _steer(request, number, cancel_rest, done="What has not started is not sent.")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def batch_retry(request: TenantRequest, number: int) -> HttpResponse:
    batch = get_object_or_404(SendBatch, number=number)
    try:
        count = retry_failed(batch, by=request.user.email, now=read_clock())
    except NotConnectedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _tried_words(batch, count))
    return redirect_to_page(request, "send_batch", number)


def _tried_words(batch: SendBatch, count: int) -> str:
    if count:
        return f"{count} document{' is' if count == 1 else 's are'} being tried again."
    if batch.retried_by:
        return "Nothing was changed: they are being tried again already."
    return "Nothing was changed: what is stopped was exported by file. Send it from its own page, if it is to go twice."


@requires(Permission.VIEW_FREIGHT)
def batch_result(request: TenantRequest, number: int) -> HttpResponse:
    batch = get_object_or_404(SendBatch, number=number)
    headers = {"Content-Disposition": f'attachment; filename="{request.tenant.slug}-send-{number}.csv"'}
    return HttpResponse(batch_report(batch), content_type="text/csv; charset=utf-8", headers=headers)


def _steer(request: TenantRequest, number: int, steer: Steer, *, done: str) -> HttpResponse:
    """A second click, or one that comes too late, changes nothing."""
    batch, now = get_object_or_404(SendBatch, number=number), read_clock()
    if steer(batch, by=request.user.email, now=now):
        messages.success(request, done)
    else:
        messages.error(request, "Nothing was changed: somebody was faster.")
    return redirect_to_page(request, "send_batch", number)

"""Settings → Integration → Authentication → Xero: how the connection stands, and the buttons that change it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.background_work.enqueue_work import enqueue_work, has_work
from freightbridge.background_work.is_working import is_working
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address, redirect_to_page
from freightbridge.ui.render_page import render_page
from integrations.connection.active_connection import NOT_CONNECTED
from integrations.connection.connection_health import connection_health
from integrations.connection.connection_work import CHECK_PAYMENTS, REFRESH_REFERENCE_DATA, TRY_CONNECTION
from integrations.connection.disconnect_organisation import disconnect_organisation
from integrations.connection.reset_link import reset_link
from integrations.job_states import OPEN_STATES
from integrations.lanes.lane_meter import lane_meter
from integrations.models import OrganisationLane, ReferenceRecord, SyncJob, XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.web.connection_strip import connection_of, connections_of
from integrations.web.finish_time import backlog_of
from integrations.web.organisation_choice_page import page_before
from integrations.web.scope_words import scope_words


@requires(Permission.VIEW_SETTINGS)
def xero_connection(request: TenantRequest) -> HttpResponse:
    connection, now = connection_of(request), read_clock()
    context: dict[str, Any] = {"connection": connection}
    if connection is None:
        context["former"] = XeroConnection.objects.order_by("-disconnected_at").first()
    else:
        lane = OrganisationLane.objects.get(connection=connection)
        context |= {
            "meter": lane_meter(lane, backlog_of(SyncJob.objects.filter(connection=connection)), now=now),
            "health": connection_health(connection),
            "scopes": scope_words(connection.grant.scopes if connection.grant and connection.is_usable else []),
            "is_refreshing": is_working(REFRESH_REFERENCE_DATA, connection.pk, now=now),
            "is_checking": is_working(CHECK_PAYMENTS, connection.pk, now=now),
            "is_testing": has_work(TRY_CONNECTION, connection.pk),
            "was_tested": _was_tested(connection),
            "took_seconds": (connection.test_took_ms or 0) / 1000,
            "waiting": SyncJob.objects.filter(connection=connection, state__in=OPEN_STATES).count(),
            "lists": _lists(connection),
            "takes_webhooks": bool(settings.XERO_WEBHOOK_KEYS),
        }
    return render_page(request, "integrations/xero_connection.html", context, part="live")


@requires(Permission.VIEW_SETTINGS)
@require_POST
def refresh_from_xero(request: TenantRequest) -> HttpResponse:
    _ask_for(
        request, REFRESH_REFERENCE_DATA, done="Accounts, tax rates, contacts and the rest are being read from Xero."
    )
    return redirect_to_page(request, "xero_connection")


@requires(Permission.CHECK_PAYMENTS)
@require_POST
def check_payments_now(request: TenantRequest) -> HttpResponse:
    _ask_for(request, CHECK_PAYMENTS, done="Payments are being read from Xero; what is new appears by itself.")
    return HttpResponseRedirect(page_before(request) or page_address(request.tenant, "xero_connection"))


@requires(Permission.MANAGE_CONNECTION)
@require_POST
def try_now(request: TenantRequest) -> HttpResponse:
    _ask_for(request, TRY_CONNECTION, done="Xero is being asked; the answer appears by itself.")
    return redirect_to_page(request, "xero_connection")


@requires(Permission.MANAGE_CONNECTION, opens_own_scope=True, asks_again=True)
@require_POST
def disconnect(request: TenantRequest) -> HttpResponse:
    """Xero is told too, so nothing here may run in one transaction."""
    with tenant_scope(request.tenant):
        connection, others = connection_of(request), connections_of(request)[1:]
    if connection is None:
        raise Http404
    if connection.is_default and others:
        messages.error(request, f"{connection.name} is the default. Make another organisation the default first.")
        return redirect_to_page(request, "routing")
    if request.POST.get("typed", "").strip() != connection.name:
        messages.error(request, f"Nothing was changed: the name you typed is not {connection.name}.")
        return redirect_to_page(request, "xero_connection")
    remark = disconnect_organisation(tenant_id=request.tenant.pk, connection_id=connection.pk, by=request.user.email)
    messages.success(request, f"{connection.name} is disconnected. {remark}".strip())
    return redirect_to_page(request, "xero_connection")


@requires(Permission.MANAGE_CONNECTION)
@require_POST
def reset_xero_link(request: TenantRequest) -> HttpResponse:
    connection = connection_of(request)
    if connection is None or not connection.is_usable:
        messages.error(request, "Nothing was changed: the connection is lost, and only reconnecting brings it back.")
    else:
        reset_link(connection, by=request.user.email, now=read_clock())
        messages.success(request, "The link is reset; what is known of the organisation is being read again.")
    return redirect_to_page(request, "xero_connection")


def _was_tested(connection: XeroConnection) -> bool:
    """What was tested before the last consent says nothing of this one."""
    tested_at, connected_at = connection.tested_at, connection.connected_at
    return tested_at is not None and (connected_at is None or tested_at >= connected_at)


def _ask_for(request: TenantRequest, kind: str, *, done: str) -> None:
    connection = connection_of(request)
    if connection is None:
        messages.error(request, NOT_CONNECTED)
        return
    enqueue_work(kind, [connection.pk], now=read_clock())
    messages.success(request, done)


def _lists(connection: XeroConnection) -> list[tuple[str, int]]:
    """How many of each kind are known, without those that Xero lists no more."""
    records = ReferenceRecord.objects.filter(connection=connection, is_active=True)
    counts = dict(records.order_by().values_list("kind").annotate(count=Count("id")))
    return [(kind.label, counts.get(kind, 0)) for kind in ReferenceKind]

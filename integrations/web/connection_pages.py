"""Settings → Integration → Authentication → Xero: how the connection stands, and the buttons that change it."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.is_working import is_working
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address, redirect_to_page
from freightbridge.ui.render_page import render_page
from integrations.connection.active_connection import NotConnectedError, find_connection, require_connection
from integrations.connection.connection_health import connection_health
from integrations.connection.connection_work import CHECK_PAYMENTS, REFRESH_REFERENCE_DATA
from integrations.connection.disconnect_organisation import disconnect_organisation
from integrations.job_states import OPEN_STATES
from integrations.lanes.lane_meter import lane_meter
from integrations.models import OrganisationLane, ReferenceRecord, SyncJob, XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.web.connection_strip import connection_of
from integrations.web.finish_time import backlog_of
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
            "waiting": SyncJob.objects.filter(connection=connection, state__in=OPEN_STATES).count(),
            "lists": _lists(connection),
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
    return HttpResponseRedirect(_page_before(request) or page_address(request.tenant, "xero_connection"))


@requires(Permission.MANAGE_CONNECTION, opens_own_scope=True)
@require_POST
def disconnect(request: TenantRequest) -> HttpResponse:
    """Xero is told too, so nothing here may run in one transaction."""
    with tenant_scope(request.tenant):
        connection = get_object_or_404(XeroConnection, public_id=getattr(find_connection(), "public_id", None))
    if request.POST.get("typed", "").strip() != connection.name:
        messages.error(request, f"Nothing was changed: the name you typed is not {connection.name}.")
        return redirect_to_page(request, "xero_connection")
    remark = disconnect_organisation(tenant_id=request.tenant.pk, connection_id=connection.pk, by=request.user.email)
    messages.success(request, f"{connection.name} is disconnected. {remark}".strip())
    return redirect_to_page(request, "xero_connection")


def _ask_for(request: TenantRequest, kind: str, *, done: str) -> None:
    try:
        connection = require_connection()
    except NotConnectedError as error:
        messages.error(request, str(error))
        return
    enqueue_work(kind, [connection.pk], now=read_clock())
    messages.success(request, done)


def _page_before(request: TenantRequest) -> str:
    """Where the button stood, if that was one of our pages."""
    address = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return urlsplit(address)._replace(scheme="", netloc="").geturl() if address and is_ours else ""


def _lists(connection: XeroConnection) -> list[tuple[str, int]]:
    """How many of each kind are known, without those that Xero lists no more."""
    records = ReferenceRecord.objects.filter(connection=connection, is_active=True)
    counts = dict(records.order_by().values_list("kind").annotate(count=Count("id")))
    return [(kind.label, counts.get(kind, 0)) for kind in ReferenceKind]

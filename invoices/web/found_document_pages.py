"""From Xero: what others entered there, what became of it here, and what is to come in at all."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.audit.change import details_of
from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.is_working import is_working
from freightbridge.clock import read_clock
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import query_without
from integrations.connection.connection_work import IMPORT_FOUND
from integrations.found_documents.read_found import wanted_lists
from integrations.models import ConnectionSettings, FoundDocument, XeroConnection
from integrations.models.found_document import FoundKind
from integrations.web.connection_strip import connection_of
from integrations.web.xero_links import document_link
from invoices.workflows.import_from_xero import import_one

NEWEST = Order(("id",))


class ImportsForm(forms.ModelForm):
    class Meta:
        model = ConnectionSettings
        fields = ["imports_quotes", "imports_invoices", "imports_orders"]
        labels = {
            "imports_quotes": "Accepted quotes become bookings",
            "imports_invoices": "Sales invoices are listed here, and become bookings where you choose so",
            "imports_orders": "Purchase orders become expected inbound shipments",
        }


@requires(Permission.VIEW_FREIGHT)
def found_documents(request: TenantRequest) -> HttpResponse:
    connection, now = connection_of(request), read_clock()
    context: dict[str, Any] = {"connection": connection}
    if connection is not None:
        rules = ConnectionSettings.objects.get(connection=connection)
        found = FoundDocument.objects.filter(connection=connection).select_related("shipment")
        page = keyset_page(
            found, order=NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", "")
        )
        context |= {
            "form": ImportsForm(instance=rules),
            "is_wanted": bool(wanted_lists(rules)),
            "is_reading": is_working(IMPORT_FOUND, connection.pk, now=now),
            "page": page,
            "rows": [(one, _in_xero(one, connection)) for one in page.rows],
            "query": query_without(request.GET, "after", "before"),
        }
    return render_page(request, "invoices/found_documents.html", context, part="live")


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def found_settings(request: TenantRequest) -> HttpResponse:
    connection, now = _connection(request), read_clock()
    form = ImportsForm(request.POST, instance=ConnectionSettings.objects.get(connection=connection))
    if form.is_valid():
        changes = form_changes(form)
        rules = form.save()
        # What was entered before anybody wanted it stays where it is.
        XeroConnection.objects.filter(pk=connection.pk, found_read_at=None).update(found_read_at=now)
        record_event(
            action="imports from Xero changed", subject=rules, by=request.user.email, now=now, **details_of(changes)
        )
        enqueue_work(IMPORT_FOUND, [connection.pk], now=now)
        messages.success(request, "Saved. What is entered in Xero from now on comes in by itself.")
    return redirect_to_page(request, "found_documents")


@requires(Permission.EDIT_FREIGHT)
@require_POST
def found_read(request: TenantRequest) -> HttpResponse:
    enqueue_work(IMPORT_FOUND, [_connection(request).pk], now=read_clock())
    messages.success(request, "Xero is being asked; what is new appears here by itself.")
    return redirect_to_page(request, "found_documents")


@requires(Permission.EDIT_FREIGHT)
@require_POST
def found_import(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(FoundDocument.objects.select_for_update(of=("self",)), public_id=public_id)
    if found.shipment_id is None:
        import_one(found, tenant=request.tenant, by=request.user.email, now=read_clock())
    if found.shipment_id is None:
        messages.error(request, f"Not imported. {found.note}")
    else:
        messages.success(request, f"{found.number} is a shipment here.")
    return redirect_to_page(request, "found_documents")


def _connection(request: TenantRequest) -> XeroConnection:
    connection = connection_of(request)
    if connection is None:
        raise BadRequest("Nothing is connected.")
    return connection


def _in_xero(one: FoundDocument, connection: XeroConnection) -> str:
    """No address of a purchase order's page is documented."""
    if one.kind == FoundKind.PURCHASE_ORDER:
        return ""
    return document_link(short_code=connection.short_code, kind=one.kind, xero_id=one.xero_id)

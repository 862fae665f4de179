"""The buttons of an invoice that was handed over: give up, void, take back, send the change."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.connection.active_connection import NotConnectedError
from invoices.domain.drafting import AlreadyBilledError
from invoices.models import Invoice
from invoices.web.given_up_words import given_up_words
from invoices.web.invoice_pages import find_invoice
from invoices.workflows.allowed_changes import ChangeRefusedError
from invoices.workflows.give_up_invoice import give_up_invoice
from invoices.workflows.redate_invoice import redate_invoice
from invoices.workflows.release_adoption import release_adoption
from invoices.workflows.send_change import send_change
from invoices.workflows.void_document import void_document

LONGEST_REASON = 200


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def invoice_give_up(request: TenantRequest, public_id: UUID) -> HttpResponse:
    def act(found: Invoice) -> str:
        given_up = give_up_invoice(
            found, reason=_reason(request), tenant=request.tenant, by=request.user.email, now=read_clock()
        )
        return given_up_words(found, given_up)

    return _answer(request, public_id, act)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def invoice_release(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """Of one that was taken over by mistake."""

    def act(found: Invoice) -> str:
        release_adoption(found, reason=_reason(request), tenant=request.tenant, by=request.user.email, now=read_clock())
        return "It is released. What stands in Xero stays as it is, and the shipment can be sent once it is checked."

    return _answer(request, public_id, act)


@requires(Permission.VOID_DOCUMENTS)
@require_POST
def invoice_void(request: TenantRequest, public_id: UUID) -> HttpResponse:
    def act(found: Invoice) -> str:
        void_document(found, reason=_reason(request), by=request.user.email, now=read_clock())
        return f"{found} is being voided in Xero, once it is certain that no money stands on it."

    return _answer(request, public_id, act)


@requires(Permission.VOID_DOCUMENTS)
@require_POST
def invoice_take_back(request: TenantRequest, public_id: UUID) -> HttpResponse:
    def act(found: Invoice) -> str:
        void_document(found, reason=_reason(request), by=request.user.email, now=read_clock(), takes_back=True)
        return f"{found} is being taken back; the draft that takes its place stands on this page in a moment."

    return _answer(request, public_id, act)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def invoice_send_change(request: TenantRequest, public_id: UUID) -> HttpResponse:
    def act(found: Invoice) -> str:
        takes_new = bool(request.POST.get("takes_new_charges"))
        send_change(found, takes_new_charges=takes_new, tenant=request.tenant, by=request.user.email, now=read_clock())
        return f"The change of {found} is queued."

    return _answer(request, public_id, act)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def invoice_redate(request: TenantRequest, public_id: UUID) -> HttpResponse:
    def act(found: Invoice) -> str:
        opened = redate_invoice(found, by=request.user.email, now=read_clock())
        return f"{found} is dated {opened:%-d %B %Y} now, and goes on."

    return _answer(request, public_id, act)


def _reason(request: TenantRequest) -> str:
    return request.POST.get("reason", "").strip()[:LONGEST_REASON]


def _answer(request: TenantRequest, public_id: UUID, act: Callable[[Invoice], str]) -> HttpResponse:
    try:
        messages.success(request, act(find_invoice(public_id)))
    except (ChangeRefusedError, AlreadyBilledError, NotConnectedError) as error:
        messages.error(request, str(error))
    return redirect_to_page(request, "invoice", public_id)

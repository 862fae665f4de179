"""Settings → Events: who is told of what, how each event went, and what can be done about one that did not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.outbound_events.change_endpoints import (
    AddedEndpoint,
    TooManyEndpointsError,
    add_endpoint,
    remove_endpoint,
    send_again,
    switch_off,
    switch_on,
    try_out,
)
from freightbridge.outbound_events.event_kinds import TOLD_AS
from freightbridge.outbound_events.models import DeliveryState, EventDelivery, EventEndpoint
from freightbridge.outbound_events.public_address import LONGEST, RefusedAddressError, read_target, without_path
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.pill import Pill
from freightbridge.ui.render_page import render_page

NEWEST = Order(("id",))
PILLS = {
    DeliveryState.WAITING: Pill(label="Waiting", colour="purple", icon="clock"),
    DeliveryState.DELIVERED: Pill(label="Delivered", colour="green", icon="check-circle"),
    DeliveryState.FAILED: Pill(label="Given up", colour="red", icon="exclamation-triangle"),
}
TRIED_AGAIN = Pill(label="Tried again", colour="yellow", icon="arrow-path")
ON = Pill(label="On", colour="green", icon="check-circle")
OFF = Pill(label="Switched off", colour="red", icon="no-symbol")
FAILING = Pill(label="Failing", colour="yellow", icon="exclamation-triangle")


class EventEndpointForm(forms.Form):
    url = forms.CharField(
        label="Address", max_length=LONGEST, help_text="It must begin with https:// and be reachable from outside.",
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://tms.example.com/freightbridge"}),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="It is told of", choices=[(kind.value, words) for kind, words in TOLD_AS.items()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            read_target(url)
        except RefusedAddressError as error:
            raise forms.ValidationError(str(error)) from error
        return url


@requires(Permission.VIEW_SETTINGS, asks_again=True)
def event_endpoints(request: TenantRequest) -> HttpResponse:
    """A new endpoint's secret is shown in the answer to the form and never again."""
    form, added = EventEndpointForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST":
        check(request.membership, Permission.MANAGE_API_KEYS)
        if form.is_valid():
            added = _add(request, form)
            form = EventEndpointForm() if added else form
    endpoints = EventEndpoint.objects.filter(removed_at=None).order_by("-id")
    context = {"form": form, "added": added, "rows": [(one, _address(request, one), _pill(one)) for one in endpoints]}
    return render(request, "outbound_events/endpoints.html", context)


@requires(Permission.VIEW_SETTINGS)
def event_endpoint(request: TenantRequest, public_id: UUID) -> HttpResponse:
    endpoint, now = _find(public_id), read_clock()
    page = keyset_page(
        endpoint.deliveries.all(),
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    is_moving = endpoint.disabled_at is None and any(one.state == DeliveryState.WAITING for one in page.rows)
    context: dict[str, Any] = {
        "endpoint": endpoint,
        "address": _address(request, endpoint),
        "pill": _pill(endpoint),
        "kinds": [words for kind, words in TOLD_AS.items() if kind in endpoint.kinds],
        "page": page,
        "rows": [(one, _delivery_pill(one, now), _tries(one)) for one in page.rows],
        "is_moving": is_moving,
        "query": "",
    }
    return render_page(request, "outbound_events/endpoint.html", context, part="live")


@requires(Permission.MANAGE_API_KEYS)
@require_POST
def try_endpoint(request: TenantRequest, public_id: UUID) -> HttpResponse:
    endpoint = _find(public_id)
    try_out(endpoint, now=read_clock())
    messages.success(request, "A test event is on its way; how it went stands below.")
    return redirect_to_page(request, "event_endpoint", endpoint.public_id)


@requires(Permission.MANAGE_API_KEYS)
@require_POST
def switch_endpoint(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """On where it is off, and off where it is on."""
    endpoint, now = _find(public_id), read_clock()
    if endpoint.disabled_at is None:
        switch_off(endpoint, by=request.user.email, now=now)
        messages.success(request, "It is switched off. What happens meanwhile is not kept for it.")
    else:
        switch_on(endpoint, by=request.user.email, now=now)
        messages.success(request, "It is switched on, and what was waiting goes now.")
    return redirect_to_page(request, "event_endpoint", endpoint.public_id)


@requires(Permission.MANAGE_API_KEYS)
@require_POST
def remove(request: TenantRequest, public_id: UUID) -> HttpResponse:
    endpoint = _find(public_id)
    remove_endpoint(endpoint, by=request.user.email, now=read_clock())
    messages.success(request, f"{endpoint.url} is told of nothing any more.")
    return redirect_to_page(request, "event_endpoints")


@requires(Permission.MANAGE_API_KEYS)
@require_POST
def deliver_again(request: TenantRequest, public_id: UUID) -> HttpResponse:
    wanted = EventDelivery.objects.filter(endpoint__removed_at=None).select_related("endpoint")
    delivery = get_object_or_404(wanted, public_id=public_id)
    send_again(delivery, by=request.user.email, now=read_clock())
    if delivery.endpoint.disabled_at is None:
        messages.success(request, "The event is on its way again.")
    else:
        messages.warning(request, "The endpoint is switched off; the event goes once it is switched on.")
    return redirect_to_page(request, "event_endpoint", delivery.endpoint.public_id)


def _find(public_id: UUID) -> EventEndpoint:
    """Raises Http404."""
    return get_object_or_404(EventEndpoint, public_id=public_id, removed_at=None)


def _add(request: TenantRequest, form: EventEndpointForm) -> AddedEndpoint | None:
    """None: the form says why not."""
    chosen = form.cleaned_data
    try:
        return add_endpoint(url=chosen["url"], kinds=chosen["kinds"], by=request.user.email, now=read_clock())
    except TooManyEndpointsError as error:
        form.add_error(None, str(error))
        return None


def _address(request: TenantRequest, endpoint: EventEndpoint) -> str:
    """On a visit the host alone: support finds the endpoint by it, and the rest is the company's."""
    return without_path(endpoint.url) if request.membership.is_visit else endpoint.url


def _pill(endpoint: EventEndpoint) -> Pill:
    if endpoint.disabled_at is not None:
        return OFF
    return FAILING if endpoint.failing_since is not None else ON


def _delivery_pill(delivery: EventDelivery, now: datetime) -> Pill:
    is_tried_again = delivery.state == DeliveryState.WAITING and delivery.next_at > now
    return TRIED_AGAIN if is_tried_again else PILLS[DeliveryState(delivery.state)]


def _tries(delivery: EventDelivery) -> list[dict[str, Any]]:
    """Newest first, with their moments as such."""
    return [{**one, "at": datetime.fromisoformat(one["at"])} for one in reversed(delivery.tries)]

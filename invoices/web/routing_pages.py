"""Settings → Organisations: which documents go where, and whose numbers each organisation's documents have."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.mapping.route_document import CONDITIONS, RouteRule, told
from integrations.models import ConnectionSettings, RoutingRule, XeroConnection
from integrations.web.connection_strip import connections_of
from invoices.models import BillingEntity, NumberSeries
from invoices.models.shipment import TransportMode
from invoices.web.freight_forms import clean_currency
from invoices.workflows.change_routing import (
    RoutingRefusedError,
    add_entity,
    add_rule,
    delete_rule,
    make_default,
    move_rule_up,
    pinned_count,
    set_biller,
)


class EntityForm(forms.ModelForm):
    number_prefix = forms.CharField(
        max_length=14, label="Prefix of its numbers", help_text="NZ- makes NZ-INV-00001, NZ-CN-00001 and NZ-Q-00001."
    )

    class Meta:
        model = BillingEntity
        fields = ["code", "name", "tax_number", "email", "base_currency", "payment_terms_days"]
        labels = {"payment_terms_days": "Payment terms in days", "base_currency": "Base currency"}

    def clean_number_prefix(self) -> str:
        prefix = str(self.cleaned_data["number_prefix"])
        if not prefix.isascii():
            raise forms.ValidationError("Xero takes plain letters and digits in a number only.")
        return prefix

    def clean_base_currency(self) -> str:
        return clean_currency(self.cleaned_data["base_currency"])


@requires(Permission.VIEW_SETTINGS)
def routing(request: TenantRequest) -> HttpResponse:
    return _shown(request, EntityForm())


@requires(Permission.MANAGE_CONNECTION)
@require_POST
def routing_default(request: TenantRequest, public_id: UUID) -> HttpResponse:
    connection = get_object_or_404(XeroConnection, public_id=public_id)
    by, now = request.user.email, read_clock()
    return _change(
        request,
        lambda: make_default(connection, by=by, now=now),
        done=f"What no rule decides goes to {connection.name}.{_pinned()}",
    )


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def routing_biller(request: TenantRequest, public_id: UUID) -> HttpResponse:
    connection = get_object_or_404(XeroConnection, public_id=public_id)
    code, by, now = request.POST.get("entity", ""), request.user.email, read_clock()
    entity = get_object_or_404(BillingEntity, code=code) if code else None
    return _change(
        request,
        lambda: set_biller(connection, entity, by=by, now=now),
        done=f"Documents for {connection.name} are billed by {entity.name if entity else 'the default entity'} now.",
    )


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def routing_add(request: TenantRequest) -> HttpResponse:
    connection = get_object_or_404(XeroConnection, public_id=_uuid(request.POST.get("organisation", "")))
    conditions = {name: request.POST.get(name, "")[:50] for name in CONDITIONS}
    by, now = request.user.email, read_clock()

    def add() -> None:
        add_rule(connection, conditions, by=by, now=now)

    return _change(request, add, done=f"The rule is saved.{_pinned()}")


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def routing_up(request: TenantRequest, public_id: UUID) -> HttpResponse:
    rule = get_object_or_404(RoutingRule.objects.select_related("connection"), public_id=public_id)
    by, now = request.user.email, read_clock()
    return _change(request, lambda: move_rule_up(rule, by=by, now=now), done="The rule stands one higher.")


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def routing_delete(request: TenantRequest, public_id: UUID) -> HttpResponse:
    rule = get_object_or_404(RoutingRule.objects.select_related("connection"), public_id=public_id)
    by, now = request.user.email, read_clock()
    return _change(request, lambda: delete_rule(rule, by=by, now=now), done=f"The rule is deleted.{_pinned()}")


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def routing_entity(request: TenantRequest) -> HttpResponse:
    form = EntityForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    entity, prefix, by, now = (
        form.save(commit=False),
        form.cleaned_data["number_prefix"],
        request.user.email,
        read_clock(),
    )
    return _change(
        request,
        lambda: add_entity(entity, prefix=prefix, by=by, now=now),
        done=f"{entity.name} is saved. Choose it beside the organisation that it bills for.",
    )


def _shown(request: TenantRequest, form: EntityForm) -> HttpResponse:
    rules = RoutingRule.objects.select_related("connection").order_by("position", "id")
    billers = ConnectionSettings.objects.select_related("billing_entity")
    series: dict[int, list[str]] = {}
    for one in NumberSeries.objects.order_by("id"):
        series.setdefault(one.billing_entity_id, []).append(str(one))
    entities = list(BillingEntity.objects.order_by("-is_default", "code"))
    context: dict[str, Any] = {
        "organisations": connections_of(request),
        "billers": {one.connection_id: one.billing_entity for one in billers},
        "entities": entities,
        "series": [(one, ", ".join(series.get(one.pk, []))) for one in entities],
        "rules": [(rule, _words(rule)) for rule in rules],
        "modes": TransportMode.choices,
        "form": form,
    }
    return render(request, "invoices/routing.html", context)


def _change(request: TenantRequest, change: Callable[[], None], *, done: str) -> HttpResponse:
    try:
        change()
    except RoutingRefusedError as error:
        messages.error(request, f"Not saved. {error}")
    else:
        messages.success(request, done)
    return redirect_to_page(request, "routing")


def _pinned() -> str:
    count = pinned_count()
    which = "The document that is" if count == 1 else f"The {count} documents that are"
    return f" {which} queued or sent {'stays' if count == 1 else 'stay'} pinned." if count else ""


def _words(rule: RoutingRule) -> str:
    return told(RouteRule(connection_id=rule.connection_id, **{name: getattr(rule, name) for name in CONDITIONS}))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

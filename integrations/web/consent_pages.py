"""Connecting Xero: to its consent page, back with an answer, and the choice where the consent reaches several."""

from dataclasses import asdict, dataclass
from typing import Any

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from freightbridge.access.models import Membership
from freightbridge.access.permission_checks import TenantRequest, requires, signed_in
from freightbridge.access.permissions import Permission
from freightbridge.access.support_visit import refuse_on_visit
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import directory_scope, tenant_scope
from freightbridge.ui.page_address import page_address, redirect_to_page
from integrations.connection.connect_organisation import OrganisationRefusedError, connect_organisation, keep_grant
from integrations.connection.oauth_states import StateRefusedError, make_state, use_state
from integrations.connection.xero_hosts import identity_api
from integrations.models import OAuthState, XeroConnection
from integrations.models.xero_connection import ConnectionStatus
from integrations.xero_gateway.identity_api import (
    ConnectedOrganisation,
    GrantRefusedError,
    IdentityUnavailableError,
    TokenSet,
)

# In the session: the consent under way, and the organisations it reaches.
CHOICE = "xero_choice"
TAKEN = "It is connected to another company on FreightBridge already."
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Consent:
    """What came back: the tokens, and the organisations they reach."""

    tokens: TokenSet
    organisations: list[ConnectedOrganisation]


@requires(Permission.MANAGE_CONNECTION, asks_again=True)
@require_POST
def connect(request: TenantRequest) -> HttpResponse:
    state = make_state(user=request.user, session_key=request.session.session_key or "", now=read_clock())
    return HttpResponseRedirect(identity_api().authorise_url(state))


@signed_in
def xero_callback(request: HttpRequest) -> HttpResponse:
    """Xero sends the person here. Always on to an address without a code in it."""
    refuse_on_visit(request)
    try:
        state = use_state(
            request.GET.get("state", ""),
            user=request.user,  # type: ignore[arg-type]
            session_key=request.session.session_key or "",
        )
    except StateRefusedError as error:
        messages.error(request, str(error))
        return redirect("start")
    refusal = _why_not(request, state)
    if not refusal:
        consent = _exchange(request)
        if isinstance(consent, Consent):
            return HttpResponseRedirect(_take(request, state, consent))
        refusal = consent
    messages.error(request, refusal)
    return HttpResponseRedirect(page_address(state.tenant, "xero_connection"))


@requires(Permission.MANAGE_CONNECTION)
def xero_choose(request: TenantRequest) -> HttpResponse:
    """Which of the organisations that the consent reaches; as many as are wanted."""
    choice: dict[str, Any] = request.session.get(CHOICE, {})
    if choice.get("tenant") != request.tenant.pk:
        messages.error(request, "There is nothing to choose from any more: connect again.")
        return redirect_to_page(request, "xero_connection")
    organisations = choice["organisations"]
    if request.method != "POST":
        return render(request, "integrations/choose_organisation.html", {"organisations": organisations})
    chosen = [one for one in organisations if one["organisation_id"] in request.POST.getlist("organisation")]
    if not chosen:
        messages.error(request, "Choose at least one of the organisations.")
        return redirect_to_page(request, "xero_choose")
    del request.session[CHOICE]
    state = OAuthState.objects.get(pk=choice["state"])
    for one in chosen:
        _connect(request, _organisation(one), state)
    return redirect_to_page(request, "xero_connection")


def _why_not(request: HttpRequest, state: OAuthState) -> str:
    """The person may have lost the role since the consent began."""
    if "code" not in request.GET:
        return "You did not allow it at Xero, so nothing was changed."
    with tenant_scope(state.tenant_id):
        membership = Membership.objects.filter(user=request.user.pk).first()
    may = membership is not None and membership.has_permission(Permission.MANAGE_CONNECTION)
    return "" if may else "Your role does not allow to connect Xero any more."


def _exchange(request: HttpRequest) -> Consent | str:
    """Outside any transaction; text: why there is no consent."""
    try:
        tokens = identity_api().exchange_code(request.GET["code"])
        organisations = identity_api().connections(
            tokens.access_token, authentication_event_id=tokens.authentication_event_id
        )
    except (GrantRefusedError, IdentityUnavailableError) as error:
        log.warning("consent not exchanged", reason=str(error))
        return f"Xero did not complete the connection ({error}). Try again."
    return Consent(tokens, organisations) if organisations else "You chose no organisation at Xero. Try again."


def _take(request: HttpRequest, state: OAuthState, consent: Consent) -> str:
    """Keeps the tokens; one organisation is connected at once, of several the person chooses. Where to go next."""
    taken = _taken_elsewhere(state.tenant, consent.organisations)
    with tenant_scope(state.tenant_id):
        state.grant = keep_grant(consent.tokens, now=read_clock())
        state.save(update_fields=["grant"])
        if len(consent.organisations) == 1:
            _connect(request, consent.organisations[0], state)
            return page_address(state.tenant, "xero_connection")
    request.session[CHOICE] = {
        "tenant": state.tenant_id,
        "state": state.pk,
        "organisations": [
            {**asdict(one), "reason": TAKEN if one.organisation_id in taken else ""} for one in consent.organisations
        ],
    }
    return page_address(state.tenant, "xero_choose")


def _taken_elsewhere(tenant: Tenant, organisations: list[ConnectedOrganisation]) -> set[str]:
    with directory_scope():
        active = XeroConnection.directory.exclude(status=ConnectionStatus.DISCONNECTED).exclude(tenant=tenant)
        ids = [one.organisation_id for one in organisations]
        return {
            str(found) for found in active.filter(organisation_id__in=ids).values_list("organisation_id", flat=True)
        }


def _connect(request: HttpRequest, organisation: ConnectedOrganisation, state: OAuthState) -> None:
    """In the tenant's scope."""
    if state.grant is None:
        messages.error(request, "The consent is gone: connect again.")
        return
    try:
        connection = connect_organisation(organisation, grant=state.grant, by=str(request.user), now=read_clock())
    except OrganisationRefusedError as error:
        messages.error(request, str(error))
    else:
        only_by_rule = "" if connection.is_default else " Documents go there by a rule only, under Settings."
        messages.success(request, f"{organisation.name} is connected.{only_by_rule}")


def _organisation(data: dict[str, str]) -> ConnectedOrganisation:
    return ConnectedOrganisation(
        connection_id=data["connection_id"], organisation_id=data["organisation_id"], name=data["name"]
    )

"""Settings → People: who works here in which role, who is invited, and what each role may do."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from freightbridge.access.api_keys import keys_of, revoke_key
from freightbridge.access.change_members import (
    LAST_ADMIN,
    LastAdminError,
    MemberGoneError,
    change_role,
    is_last_who_manages,
    remove_member,
    require_two_step,
)
from freightbridge.access.invitations import InvitationRefusedError, invite, open_invitations
from freightbridge.access.models import Invitation, Membership
from freightbridge.access.permission_checks import TenantRequest, check, reason_against, requires
from freightbridge.access.permissions import Permission
from freightbridge.access.roles import ROLES
from freightbridge.access.two_step import has_two_step, with_two_step
from freightbridge.clock import read_clock
from freightbridge.people.people_forms import InvitationForm, RoleForm
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.pill import Pill

BEING_SENT = Pill(label="Being sent", colour="purple", icon="clock")
SENT = Pill(label="Sent", colour="azure", icon="envelope")
NOT_SENT = Pill(label="Not sent", colour="red", icon="exclamation-triangle")
RAN_OUT = Pill(label="Ran out", colour="yellow", icon="clock")
OWN_TWO_STEP_FIRST = "Set up your own second step first; this rule would shut you out."


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    member: Membership
    has_two_step: bool
    is_own: bool


@requires(Permission.VIEW_SETTINGS, asks_again=True)
def people(request: TenantRequest) -> HttpResponse:
    """The same number of queries for any number of people."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        check(request.membership, Permission.MANAGE_PEOPLE)
        if form.is_valid() and _invite(request, form):
            return redirect_to_page(request, "people")
    now = read_clock()
    invitations = open_invitations().select_related("invited_by").order_by("-id")
    context: dict[str, Any] = {
        "form": form,
        "rows": _rows(request),
        "invitations": [(one, _pill(one, now)) for one in invitations],
        "roles": ROLES.values(),
        "powers": [
            (str(permission), [permission in role.permissions for role in ROLES.values()]) for permission in Permission
        ],
        "why_no_rule": reason_against(request.membership, Permission.MANAGE_PEOPLE) or _why_no_rule(request),
    }
    return render(request, "access/people.html", context)


@requires(Permission.VIEW_SETTINGS, asks_again=True)
def member(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """One person: the role, and the way out."""
    found = _find(public_id)
    is_own = found.user_id == request.user.pk
    form = RoleForm(request.POST if request.method == "POST" else None, member=found, is_own=is_own)
    now = read_clock()
    if request.method == "POST":
        check(request.membership, Permission.MANAGE_PEOPLE)
        if form.is_valid() and _change_role(request, found, form):
            return redirect_to_page(request, "overview" if is_own else "people")
    context = {
        "member": found,
        "is_own": is_own,
        "form": form,
        "has_two_step": has_two_step(found.user_id),
        "keys": keys_of(found.user, now=now),
        "why_no_change": reason_against(request.membership, Permission.MANAGE_PEOPLE)
        or (LAST_ADMIN if is_last_who_manages(found) else ""),
    }
    return render(request, "access/member.html", context)


@requires(Permission.MANAGE_PEOPLE, asks_again=True)
@require_POST
def remove(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = _find(public_id)
    is_own = found.user_id == request.user.pk
    if is_own and request.POST.get("typed", "").strip() != found.user.email:
        messages.error(request, f"Nothing was changed: what you typed is not {found.user.email}.")
        return redirect_to_page(request, "member", found.public_id)
    now = read_clock()
    revoked = list(keys_of(found.user, now=now).filter(public_id__in=_uuids(request.POST.getlist("revoke"))))
    if revoked:
        check(request.membership, Permission.MANAGE_API_KEYS)
    try:
        remove_member(found, by=request.user, now=now)
    except (LastAdminError, MemberGoneError) as error:
        messages.error(request, str(error))
        return redirect_to_page(request, "people")
    for key in revoked:
        revoke_key(key, by=request.user.email, now=now)
    names = f" Revoked: {', '.join(key.name for key in revoked)}." if revoked else ""
    messages.success(request, f"{found.user.email} works for {request.tenant.name} no more.{names}")
    return redirect("start") if is_own else redirect_to_page(request, "people")


@requires(Permission.MANAGE_PEOPLE, asks_again=True)
@require_POST
def two_step_rule(request: TenantRequest) -> HttpResponseRedirect:
    """On or off for everybody of the company."""
    needs = request.POST.get("needs") == "on"
    if needs and not has_two_step(request.user.pk):
        messages.error(request, OWN_TWO_STEP_FIRST)
        return redirect_to_page(request, "people")
    require_two_step(request.tenant, needs=needs, by=request.membership, now=read_clock())
    messages.success(request, _RULE_WORDS[needs])
    return redirect_to_page(request, "people")


_RULE_WORDS = {
    True: "From now on nobody gets in here without a second step; who has none is asked to set it up first.",
    False: "A second step is everybody's own choice again.",
}


def _find(public_id: UUID) -> Membership:
    """Raises Http404."""
    return get_object_or_404(Membership.objects.select_related("user", "tenant"), public_id=public_id)


def _uuids(texts: list[str]) -> list[UUID]:
    """What is none names no key."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def _rows(request: TenantRequest) -> list[MemberRow]:
    members = list(Membership.objects.select_related("user").order_by("user__name", "user__email"))
    secured = with_two_step(one.user_id for one in members)
    return [
        MemberRow(member=one, has_two_step=one.user_id in secured, is_own=one.user_id == request.user.pk)
        for one in members
    ]


def _why_no_rule(request: TenantRequest) -> str:
    is_shut_out = not request.tenant.needs_two_step and not has_two_step(request.user.pk)
    return OWN_TWO_STEP_FIRST if is_shut_out else ""


def _pill(invitation: Invitation, now: datetime) -> Pill:
    if invitation.failed_at is not None:
        return NOT_SENT
    if invitation.expires_at <= now:
        return RAN_OUT
    return SENT if invitation.sent_at is not None else BEING_SENT


def _invite(request: TenantRequest, form: InvitationForm) -> bool:
    """False: the form says why not."""
    chosen = form.cleaned_data
    try:
        made = invite(email=chosen["email"], role=ROLES[chosen["role"]], by=request.user, now=read_clock())
    except InvitationRefusedError as error:
        form.add_error("email", str(error))
        return False
    messages.success(request, f"{made.email} is invited; the mail goes within seconds.")
    return True


def _change_role(request: TenantRequest, found: Membership, form: RoleForm) -> bool:
    """False: the form says why not."""
    role = form.chosen_role
    try:
        change_role(found, role, by=request.user, now=read_clock())
    except (LastAdminError, MemberGoneError) as error:
        form.add_error("role", str(error))
        return False
    messages.success(request, f"{found.user.email} is {role.title} now.")
    return True

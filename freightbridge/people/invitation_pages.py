"""Invitations, from both sides: sent again and revoked by an admin, accepted by the person who has the link."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from freightbridge.access.invitations import (
    InvitationRefusedError,
    accept,
    find_invitation,
    revoke_invitation,
    send_again,
)
from freightbridge.access.models import Invitation, Membership, User
from freightbridge.access.permission_checks import TenantRequest, public, requires
from freightbridge.access.permissions import Permission
from freightbridge.access.support_visit import refuse_on_visit
from freightbridge.clock import read_clock
from freightbridge.people.people_forms import JoinForm
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address, redirect_to_page

GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLink:
    """Why a link leads nowhere, and what to do about it. `status`: of the answer."""

    title: str
    text: str
    status: int = GONE


UNKNOWN = DeadLink(
    title="This link is none of ours",
    text="Copy the whole address from the mail. If you were sent several, only the newest one counts; if it does not "
    "help, ask the person who invited you to send the invitation again.",
    status=404,
)


@requires(Permission.MANAGE_PEOPLE, asks_again=True)
@require_POST
def resend_invitation(request: TenantRequest, public_id: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, public_id=public_id)
    try:
        send_again(invitation, by=request.user, now=read_clock())
    except InvitationRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"A new link goes to {invitation.email}; the earlier one ends.")
    return redirect_to_page(request, "people")


@requires(Permission.MANAGE_PEOPLE, asks_again=True)
@require_POST
def revoke(request: TenantRequest, public_id: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, public_id=public_id)
    try:
        revoke_invitation(invitation, by=request.user, now=read_clock())
    except InvitationRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The invitation of {invitation.email} is revoked; its link leads nowhere now.")
    return redirect_to_page(request, "people")


@public
@never_cache
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """One click for who has an account and is signed in; a name and a password for who is new."""
    invitation, now = find_invitation(token), read_clock()
    if invitation is not None and _works_there(request, invitation):
        return redirect(page_address(invitation.tenant, "overview"))
    dead = UNKNOWN if invitation is None else _why_dead(invitation, now)
    if dead is not None or invitation is None:
        return render(request, "access/invite.html", {"dead": dead}, status=(dead or UNKNOWN).status)
    form = _form(request, invitation)
    if request.method == "POST":
        answer = _join(request, invitation, form)
        if answer is not None:
            return answer
    context: dict[str, Any] = {
        "invitation": invitation,
        "form": form,
        "is_other": request.user.is_authenticated and request.user.email != invitation.email,
    }
    return render(request, "access/invite.html", context)


def _works_there(request: HttpRequest, invitation: Invitation) -> bool:
    """Who has accepted it goes on to the company: after a second click, by Back, or with the link once more."""
    if invitation.accepted_at is None or not request.user.is_authenticated:
        return False
    with tenant_scope(invitation.tenant_id):
        return Membership.objects.filter(user=request.user.pk, user__email=invitation.email).exists()


def _why_dead(invitation: Invitation, now: Any) -> DeadLink | None:
    company, inviter = invitation.tenant.name, invitation.invited_by.email
    if invitation.accepted_at is not None:
        return DeadLink(
            title="This invitation is used",
            text=f"You work for {company} already if it was you who accepted it: sign in with your address and your "
            f"password. If it was not you, tell {inviter}.",
        )
    if invitation.revoked_at is not None:
        return DeadLink(
            title="This invitation was taken back",
            text=f"Ask {inviter} of {company} for another one, if you should work there.",
        )
    if invitation.expires_at <= now:
        day = timezone.localtime(invitation.expires_at, invitation.tenant.zone)
        return DeadLink(
            title="This invitation has run out",
            text=f"It counted until {day.day} {day:%B %Y}. Ask {inviter} of {company} to send it again.",
        )
    return None


def _form(request: HttpRequest, invitation: Invitation) -> JoinForm | None:
    """None: the person has an account, and needs no form."""
    if User.objects.filter(email=invitation.email).exists():
        return None
    return JoinForm(request.POST if request.method == "POST" else None, email=invitation.email)


def _join(request: HttpRequest, invitation: Invitation, form: JoinForm | None) -> HttpResponse | None:
    """None: the page says what is missing."""
    if request.user.is_authenticated:
        return _join_as(request, invitation) if request.user.email == invitation.email else None
    if form is None:
        return HttpResponseRedirect(request.get_full_path())
    return _join_as_new(request, invitation, form) if form.is_valid() else None


def _join_as(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    refuse_on_visit(request)
    try:
        with tenant_scope(invitation.tenant_id):
            accept(invitation, user=request.user, now=read_clock())  # type: ignore[arg-type]
    except InvitationRefusedError:
        return HttpResponseRedirect(request.get_full_path())
    messages.success(request, f"Welcome to {invitation.tenant.name}.")
    return redirect(page_address(invitation.tenant, "overview"))


def _join_as_new(request: HttpRequest, invitation: Invitation, form: JoinForm) -> HttpResponse:
    """Account and membership are made together or not at all. A second click at once finds the invitation used."""
    entered = form.cleaned_data
    try:
        with tenant_scope(invitation.tenant_id):
            user = _make_user(invitation.email, entered)
            accept(invitation, user=user, now=read_clock())
    except (InvitationRefusedError, IntegrityError):
        return HttpResponseRedirect(request.get_full_path())
    messages.success(request, f"Welcome to {invitation.tenant.name}.")
    login = Login(user=user, redirect_url=page_address(invitation.tenant, "overview"))
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return answer


def _make_user(email: str, entered: dict[str, Any]) -> User:
    with transaction.atomic():
        return User.objects.create_user(email, entered["password"], name=entered["name"])

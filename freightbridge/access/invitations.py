"""
Invitations: made, sent again, revoked and accepted.

A worker makes the token when it sends the mail, so that no queue and no row ever holds it; the newest mail counts.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet

from freightbridge.access.models import Invitation, Membership, User
from freightbridge.access.roles import Role
from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import current_tenant_id, directory_scope

SEND_INVITATION = "send invitation"
LIVES = timedelta(days=7)
# An admin's click is no way to fill somebody's mailbox.
BETWEEN_MAILS = timedelta(minutes=1)
MOST_OPEN = 50
TOO_MANY = f"A company has {MOST_OPEN} open invitations at most. Revoke one that is not needed any more."


class InvitationRefusedError(Exception):
    """The message says why, and what to do."""


def open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, revoked_at=None)


def invite(*, email: str, role: Role, by: User, now: datetime) -> Invitation:
    """In the tenant's scope; a worker sends the mail. Raises InvitationRefusedError."""
    email = email.lower()
    # Two admins at once come one after the other, so that each sees the other's invitation.
    Tenant.objects.select_for_update(no_key=True).get(pk=current_tenant_id())
    if Membership.objects.filter(user__email=email).exists():
        raise InvitationRefusedError(f"{email} works here already; change the role in the list.")
    if open_invitations().filter(email=email).exists():
        raise InvitationRefusedError(f"{email} is invited already; send the invitation again, or revoke it.")
    if open_invitations().count() >= MOST_OPEN:
        raise InvitationRefusedError(TOO_MANY)
    invitation = Invitation.objects.create(
        email=email, role=role.name, invited_by=by, asked_at=now, expires_at=now + LIVES
    )
    enqueue_work(SEND_INVITATION, [invitation.pk], now=now)
    record_event(action="person invited", subject=invitation, by=by.email, now=now)
    return invitation


def send_again(invitation: Invitation, *, by: User, now: datetime) -> None:
    """With a new token and its whole time; the link of the earlier mail ends. Raises InvitationRefusedError."""
    held = _still_open(invitation)
    if held.asked_at > now - BETWEEN_MAILS:
        raise InvitationRefusedError("It was sent a moment ago. Wait a minute, and look into the spam folder too.")
    Invitation.objects.filter(pk=held.pk).update(
        token_sha256="", asked_at=now, expires_at=now + LIVES, sent_at=None, failed_at=None, invited_by=by
    )
    enqueue_work(SEND_INVITATION, [held.pk], now=now)
    record_event(action="invitation sent again", subject=held, by=by.email, now=now)


def revoke_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Its link ends at once. Raises InvitationRefusedError where it was accepted meanwhile."""
    held = _still_open(invitation)
    Invitation.objects.filter(pk=held.pk).update(revoked_at=now)
    record_event(action="invitation revoked", subject=held, by=by.email, now=now)


def give_token(invitation: Invitation) -> str:
    """A new one, for the mail that is about to be sent; the one before ends."""
    token = f"fbi_{secrets.token_urlsafe(32)}"
    Invitation.objects.filter(pk=invitation.pk).update(token_sha256=_digest(token))
    return token


def find_invitation(token: str) -> Invitation | None:
    """Whatever became of it since; None: no invitation has this token any more. Outside any scope."""
    with directory_scope():
        return Invitation.directory.filter(token_sha256=_digest(token)).select_related("tenant", "invited_by").first()


def accept(invitation: Invitation, *, user: User, now: datetime) -> None:
    """
    The person works for the tenant from now on. In the tenant's scope. Raises InvitationRefusedError where another
    click was first.

    Who works there already, keeps the role he has.
    """
    held = _still_open(invitation)
    if held.expires_at <= now:
        raise InvitationRefusedError("This invitation has run out meanwhile.")
    _member, is_new = Membership.objects.get_or_create(user=user, defaults={"role": held.role})
    Invitation.objects.filter(pk=held.pk).update(accepted_at=now)
    action = "invitation accepted" if is_new else "invitation accepted by a member"
    record_event(action=action, subject=held, by=user.email, now=now)


def _still_open(invitation: Invitation) -> Invitation:
    """Locked, so that of two clicks at once the second one sees what the first has done."""
    held = open_invitations().select_for_update().filter(pk=invitation.pk).first()
    if held is None:
        raise InvitationRefusedError("This invitation was accepted or revoked meanwhile.")
    return held


def _digest(token: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()

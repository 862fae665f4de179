"""Who works for a tenant, and in which role. Somebody who may manage people always remains."""

from datetime import datetime

from freightbridge.access.models import Membership, User
from freightbridge.access.permissions import Permission
from freightbridge.access.roles import Role, roles_with
from freightbridge.audit.change import Change, details_of
from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import current_tenant_id

LAST_ADMIN = "Nobody else may manage people here. Make somebody else an admin first."


class LastAdminError(Exception):
    """The message says what to do first."""


class MemberGoneError(Exception):
    """Somebody else removed the person meanwhile."""


def change_role(member: Membership, role: Role, *, by: User, now: datetime) -> None:
    """In the tenant's scope; the same role again changes nothing. Raises LastAdminError, MemberGoneError."""
    held = _held(member)
    if held.role == role.name:
        return
    if Permission.MANAGE_PEOPLE not in role.permissions:
        _keep_somebody_who_manages(held)
    change = Change("Role", held.granted_role.title, role.title)
    Membership.objects.filter(pk=held.pk).update(role=role.name)
    record_event(action="role changed", subject=held, by=by.email, now=now, **details_of([change]))


def remove_member(member: Membership, *, by: User, now: datetime) -> None:
    """From the next click on he gets in no more. Raises LastAdminError, MemberGoneError."""
    held = _held(member)
    _keep_somebody_who_manages(held)
    record_event(action="person removed", subject=held, by=by.email, now=now)
    held.delete()


def require_two_step(tenant: Tenant, *, needs: bool, by: Membership, now: datetime) -> None:
    """For everybody of the tenant. In its scope."""
    if Tenant.objects.filter(pk=tenant.pk, needs_two_step=not needs).update(needs_two_step=needs):
        change = Change("Two-step sign-in for everybody", _yes(not needs), _yes(needs))
        record_event(action="sign-in rule changed", subject=by, by=by.user.email, now=now, **details_of([change]))


def is_last_who_manages(member: Membership) -> bool:
    """He can be neither removed nor given a lesser role. An account that is switched off manages nobody."""
    if not member.has_permission(Permission.MANAGE_PEOPLE):
        return False
    able = [role.name for role in roles_with(Permission.MANAGE_PEOPLE)]
    others = Membership.objects.filter(role__in=able, user__is_active=True).exclude(pk=member.pk)
    return not others.exists()


def _held(member: Membership) -> Membership:
    """
    As it stands now. Two admins at once come one after the other, so that each sees what the other has done: they
    cannot remove each other.
    """
    Tenant.objects.select_for_update(no_key=True).get(pk=current_tenant_id())
    held = Membership.objects.select_related("user").filter(pk=member.pk).first()
    if held is None:
        raise MemberGoneError("Somebody else has removed this person meanwhile.")
    return held


def _keep_somebody_who_manages(member: Membership) -> None:
    if is_last_who_manages(member):
        raise LastAdminError(LAST_ADMIN)


def _yes(answer: bool) -> str:  # noqa: FBT001 the one thing that it words
    return "on" if answer else "off"

from freightbridge.access.models import Membership, User
from freightbridge.access.permissions import Permission
from freightbridge.access.roles import roles_with


def members_who_may(permission: Permission) -> list[Membership]:
    """Whom to ask, or to tell: in the order in which they joined, with their users. In the tenant's scope."""
    able = [role.name for role in roles_with(permission)]
    members = Membership.objects.filter(role__in=able, user__is_active=True).select_related("user")
    return list(members.order_by("id"))


def people_who_may(permission: Permission) -> list[User]:
    return [member.user for member in members_who_may(permission)]


def members_named(email: str) -> list[Membership]:
    """The person who did something, by the name that it is kept under; none where it was the system, or he left."""
    return list(Membership.objects.filter(user__email=email, user__is_active=True).select_related("user"))

from freightbridge.access.models import Membership, User
from freightbridge.access.permissions import Permission
from freightbridge.access.roles import roles_with


def people_who_may(permission: Permission) -> list[User]:
    """Whom to ask, or to tell: in the order in which they joined. In the tenant's scope."""
    able = [role.name for role in roles_with(permission)]
    members = Membership.objects.filter(role__in=able, user__is_active=True).select_related("user")
    return [member.user for member in members.order_by("id")]

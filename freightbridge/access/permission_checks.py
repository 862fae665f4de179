"""Every page says who may open it; the middleware refuses one that does not say."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from freightbridge.access.models import Membership, User
from freightbridge.access.permissions import Permission
from freightbridge.access.recent_sign_in import ask_unless_proved
from freightbridge.access.roles import roles_with
from freightbridge.tenancy.models import Tenant

View = TypeVar("View", bound=Callable[..., HttpResponse])


class TenantRequest(HttpRequest):
    """A request inside `/o/<slug>/`, after the middleware has let it through."""

    tenant: Tenant
    membership: Membership
    user: User


@dataclass(frozen=True, slots=True)
class Access:
    """
    Who may open a view: `permission` None with `is_public` False means anyone signed in.

    `opens_own_scope`: the middleware checks the person and opens no scope, since the view calls another system.
    `asks_again`: what is posted to it counts only from a person who has proved recently that it is he.
    """

    permission: Permission | None = None
    is_public: bool = False
    opens_own_scope: bool = False
    asks_again: bool = False


def requires(
    permission: Permission, *, opens_own_scope: bool = False, asks_again: bool = False
) -> Callable[[View], View]:
    """A page inside a tenant."""

    def mark(view: View) -> View:
        view.access = Access(  # type: ignore[attr-defined]
            permission=permission, opens_own_scope=opens_own_scope, asks_again=asks_again
        )
        return view

    return mark


def public(view: View) -> View:
    view.access = Access(is_public=True)  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> Any:
    """A page of one's own, outside every tenant."""
    checked = login_required(view)
    checked.access = Access()  # type: ignore[attr-defined]
    return checked


def staff_only(view: View) -> Any:
    """For those who run the installation; others are told that there is no such page."""
    return _for_staff(view, asks_again=False)


def staff_who_proved(view: View) -> Any:
    """As `staff_only`, and what is posted counts only from a person who has proved recently that it is he."""
    return _for_staff(view, asks_again=True)


def _for_staff(view: View, *, asks_again: bool) -> Any:
    @wraps(view)
    def checked(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponse:
        if not getattr(request.user, "is_staff", False):
            raise Http404
        answer = ask_unless_proved(request) if asks_again else None
        return answer or view(request, *arguments, **keywords)

    checked.access = Access(asks_again=asks_again)  # type: ignore[attr-defined]
    return checked


def access_of(view: Callable[..., Any]) -> Access | None:
    """None: the view does not say, and is refused."""
    return getattr(view, "access", None)


def check(membership: Membership, permission: Permission) -> None:
    """Raises PermissionDenied with a sentence that names whom to ask."""
    if not membership.has_permission(permission):
        raise PermissionDenied(reason_against(membership, permission))


def reason_against(membership: Membership, permission: Permission) -> str:
    """Why this person may not; empty where he may. Disabled buttons show it."""
    if membership.has_permission(permission):
        return ""
    if membership.is_visit:
        return f"You are only looking. To {permission} takes somebody of {membership.tenant.name}."
    able = " or ".join(role.title for role in roles_with(permission))
    return f"Your role is {membership.granted_role.title}; to {permission} takes {able}."

import pytest
from django.core.exceptions import PermissionDenied

from freightbridge.access.models import Membership
from freightbridge.access.permission_checks import check, reason_against
from freightbridge.access.permissions import Permission
from freightbridge.access.roles import ROLES, Role, roles_with

P = Permission
VIEWER = {P.VIEW_FREIGHT}
SUPPORT = VIEWER | {P.VIEW_ACCOUNTING_LOG, P.VIEW_SETTINGS, P.CHECK_PAYMENTS}
OPERATOR = SUPPORT | {P.EDIT_FREIGHT, P.UPLOAD_SHIPMENTS, P.SEND_TO_ACCOUNTING, P.MANAGE_MAPPINGS, P.SHARE_VIEWS}
MAY = {"viewer": VIEWER, "support": SUPPORT, "operator": OPERATOR, "admin": set(P)}


def membership(role: str) -> Membership:
    return Membership(role=role, tenant_id=1, user_id=1)


@pytest.mark.parametrize("role", MAY)
def test_role_may_just_what_is_written_here(role: str) -> None:
    allowed = {permission for permission in P if membership(role).has_permission(permission)}

    assert allowed == MAY[role]


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)
def test_role_has_words_for_the_person_who_grants_it(role: Role) -> None:
    assert role.title
    assert role.description.endswith(".")


def test_every_permission_belongs_to_somebody() -> None:
    assert [permission for permission in P if not roles_with(permission)] == []


def test_refusal_names_whom_to_ask() -> None:
    text = "Your role is Viewer; to send to accounting takes Admin or Operator."

    assert reason_against(membership("viewer"), P.SEND_TO_ACCOUNTING) == text
    with pytest.raises(PermissionDenied, match="takes Admin or Operator"):
        check(membership("viewer"), P.SEND_TO_ACCOUNTING)


def test_there_is_no_reason_against_what_one_may() -> None:
    assert reason_against(membership("admin"), P.MANAGE_CONNECTION) == ""
    check(membership("admin"), P.MANAGE_CONNECTION)

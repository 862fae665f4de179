import pytest

from freightbridge.access.models import User
from freightbridge.access.permissions import Permission
from freightbridge.notices.people_who_may import people_who_may
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import make_member

pytestmark = pytest.mark.django_db


def test_people_are_found_by_what_their_role_allows(tenant: Tenant, other_tenant: Tenant) -> None:
    admin, operator, _ = (make_member(tenant, role) for role in ("admin", "operator", "viewer"))
    make_member(other_tenant, "admin")

    with tenant_scope(tenant):
        found = people_who_may(Permission.MANAGE_CONNECTION), people_who_may(Permission.MANAGE_MAPPINGS)

    assert found == ([admin], [admin, operator])


def test_people_who_may_not_log_in_any_more_are_not_asked(tenant: Tenant) -> None:
    make_member(tenant, "admin")
    User.objects.update(is_active=False)

    with tenant_scope(tenant):
        assert people_who_may(Permission.MANAGE_CONNECTION) == []

import pytest
from django.db import IntegrityError, transaction

from freightbridge.access.account_adapter import AccountAdapter
from freightbridge.access.models import Membership, User, tenants_of
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import TenantScopeError, directory_scope, tenant_scope
from tests.conftest import make_tenant

pytestmark = pytest.mark.django_db


def join(user: User, tenant: Tenant, role: str = "viewer") -> None:
    with tenant_scope(tenant):
        Membership.objects.create(user=user, role=role)


def test_companies_of_a_person_are_listed_by_name() -> None:
    mia, eve = (User.objects.create(email=f"{name}@example.com") for name in ("mia", "eve"))
    zebra, acme, other = make_tenant("zebra"), make_tenant("acme"), make_tenant("other")
    join(mia, zebra)
    join(mia, acme)
    join(eve, other)

    with directory_scope():
        assert tenants_of(mia) == [acme, zebra]


def test_companies_are_looked_up_in_the_directory_only(tenant: Tenant) -> None:
    mia = User.objects.create(email="mia@example.com")

    with tenant_scope(tenant), pytest.raises(TenantScopeError):
        tenants_of(mia)


def test_person_belongs_to_a_company_once(tenant: Tenant) -> None:
    mia = User.objects.create(email="mia@example.com")
    join(mia, tenant)

    with pytest.raises(IntegrityError, match="membership_once"), transaction.atomic():
        join(mia, tenant, "admin")


def test_address_is_kept_in_lower_case() -> None:
    user = User.objects.create_user("Mia@Example.COM", "a long enough password")

    assert user.email == "mia@example.com"
    assert user.check_password("a long enough password")


def test_accounts_are_made_by_invitation_only() -> None:
    assert not AccountAdapter().is_open_for_signup(None)  # type: ignore[arg-type]

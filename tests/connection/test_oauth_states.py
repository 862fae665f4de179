from datetime import timedelta

import pytest

from freightbridge.access.models import User
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.oauth_states import StateRefusedError, make_state, use_state
from integrations.models import OAuthState

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(email="mia@example.com")


def begin(tenant: Tenant, user: User, *, ago: timedelta = timedelta(0)) -> str:
    with tenant_scope(tenant):
        return make_state(user=user, session_key="session", now=read_clock() - ago)


def test_consent_comes_back_to_its_company_and_person(tenant: Tenant, user: User) -> None:
    state = begin(tenant, user)

    used = use_state(state, user=user, session_key="session")

    assert (used.tenant_id, used.user_id) == (tenant.pk, user.pk)


def test_state_is_used_once(tenant: Tenant, user: User) -> None:
    state = begin(tenant, user)
    use_state(state, user=user, session_key="session")

    with pytest.raises(StateRefusedError, match="used already"):
        use_state(state, user=user, session_key="session")


@pytest.mark.parametrize(("ago", "is_good"), [(timedelta(minutes=9, seconds=50), True), (timedelta(minutes=10), False)])
def test_state_lives_ten_minutes(tenant: Tenant, user: User, ago: timedelta, is_good: bool) -> None:
    state = begin(tenant, user, ago=ago)

    if is_good:
        use_state(state, user=user, session_key="session")
    else:
        with pytest.raises(StateRefusedError, match="longer than ten minutes"):
            use_state(state, user=user, session_key="session")


def test_state_of_another_session_is_refused(tenant: Tenant, user: User) -> None:
    state = begin(tenant, user)

    with pytest.raises(StateRefusedError, match="belongs to no consent"):
        use_state(state, user=user, session_key="other")


def test_state_of_another_person_is_refused_and_stays_good(tenant: Tenant, user: User) -> None:
    state = begin(tenant, user)
    stranger = User.objects.create(email="eve@example.com")

    with pytest.raises(StateRefusedError, match="belongs to no consent"):
        use_state(state, user=stranger, session_key="session")
    assert use_state(state, user=user, session_key="session").used_at is None


@pytest.mark.parametrize("state", ["", "x", "ü" * 50])
def test_state_that_was_never_made_is_refused(tenant: Tenant, user: User, state: str) -> None:
    with pytest.raises(StateRefusedError):
        use_state(state, user=user, session_key="session")


def test_only_hashes_are_kept_and_no_two_states_are_alike(tenant: Tenant, user: User) -> None:
    states = {begin(tenant, user) for _ in range(20)}

    with tenant_scope(tenant):
        kept = set(OAuthState.objects.values_list("state_sha256", "session_sha256"))
    assert len(states) == len(kept) == 20
    assert not {sha256 for pair in kept for sha256 in pair} & (states | {"session"})
    assert min(map(len, states)) >= 43

"""A passkey from the first click to a sign-in without a password, with Chromium's own imitation of a device."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from freightbridge.access.models import User
from freightbridge.tenancy.models import Tenant
from tests.conftest import make_member
from tests.journeys.chromium_window import Window
from tests.journeys.test_pages_in_a_browser import LOOKS, faults_in_every_look

TWO_STEP = "/me/two-step/"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def with_device(seen: Window) -> Window:
    """One that knows its person, as by a fingerprint."""
    options = VirtualAuthenticatorOptions(
        has_resident_key=True, has_user_verification=True, is_user_verified=True, is_user_consenting=True
    )
    seen.driver.add_virtual_authenticator(options)
    return seen


def test_passkey_is_added_and_signs_in_alone(served: str, tenant: Tenant, window: Callable[[], Window]) -> None:
    """Before there is one, the browser has nothing to offer, and the page says what to do."""
    make_member(tenant, "viewer")
    seen = with_device(window())
    seen.open("/login/")
    seen.press("Use a passkey")
    seen.wait_for(lambda: "Try again, or use another way." in seen.text("#passkey-error"), "nothing was said")
    seen.sign_in("viewer@acme-freight.example")

    seen.open(f"{TWO_STEP}webauthn/add/")
    faults = faults_in_every_look(seen, f"{TWO_STEP}webauthn/add/", LOOKS)
    seen.press("Add a passkey")
    seen.one("#recovery-codes")
    for page in ("", "totp/activate/", "webauthn/", "recovery-codes/"):
        faults |= faults_in_every_look(seen, f"{TWO_STEP}{page}", LOOKS)
    seen.driver.delete_all_cookies()
    seen.open("/login/")
    seen.press("Use a passkey")
    seen.wait_for(lambda: "/o/acme-freight/" in seen.driver.current_url, "not signed in by the passkey")

    assert {look: found for look, found in faults.items() if found} == {}
    assert User.objects.get().authenticator_set.filter(type="webauthn", last_used_at__isnull=False).count() == 1

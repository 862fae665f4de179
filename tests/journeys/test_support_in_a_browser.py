"""The support desk, a visit and a replay, for the eyes: every look, and what is switched off on a visit."""

from collections.abc import Callable
from time import sleep

import pytest

from freightbridge.access.models import User
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SyncAttempt
from invoices.models import Invoice, Shipment
from tests.conftest import PASSWORD
from tests.journeys.chromium_window import Window
from tests.journeys.test_pages_in_a_browser import COMPANY, LOOKS, faults_in_every_look, in_every_state

REASON = "Ticket 4711: the customer's invoices do not arrive"
STAFF = "staff@freightbridge.example"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def desk(served: str, tenant: Tenant, window: Callable[[], Window]) -> Window:
    """Somebody of the staff has signed in; the company has something in each state."""
    in_every_state(tenant)
    User.objects.create_user(STAFF, PASSWORD, name="Sasha of Support", is_staff=True)
    seen = window()
    seen.sign_in(STAFF)
    return seen


def begin_visit(seen: Window) -> None:
    seen.open("/support/visit/acme-freight/")
    seen.type("reason", REASON)
    seen.press("Begin the visit")
    seen.one("#visit-bar")


def pages_of(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        stuck = Shipment.objects.filter(accounting_state="attention").first()
        stopped = Invoice.objects.get(xero_document__state="attention")
        assert stuck is not None
        paths = [
            "", "shipments/", f"shipments/{stuck.public_id}/", f"shipments/{stuck.public_id}/integration/",
            f"invoices/{stopped.public_id}/", "attention/", "settings/xero/", "settings/people/"
        ]  # fmt: skip
    return [f"{COMPANY}{path}" for path in paths]


def test_visited_pages_are_without_fault_in_every_look(desk: Window, tenant: Tenant) -> None:
    faults = faults_in_every_look(desk, "/support/", LOOKS)
    faults |= faults_in_every_look(desk, "/support/visit/acme-freight/", LOOKS)
    begin_visit(desk)

    for page in ["/support/", "/me/", *pages_of(tenant)]:
        faults |= faults_in_every_look(desk, page, LOOKS)
        assert desk.text("#visit-bar").startswith("You are visiting Acme Freight as support."), page

    assert {look: found for look, found in faults.items() if found} == {}


def tries_to_write(desk: Window) -> bool:
    """Once a second, since a list that refreshes itself may take away the form that was just submitted."""
    desk.driver.execute_script("document.querySelector('form[method=post][action*=\"/o/\"]').requestSubmit()")
    sleep(1)
    return "a visit changes nothing" in desk.text("#page-alert")


def test_what_would_write_is_switched_off_with_the_reason(desk: Window, tenant: Tenant) -> None:
    begin_visit(desk)
    desk.open(f"{COMPANY}shipments/?mode=sea")

    still_on = desk.driver.execute_script(
        "return [...document.forms].filter((form) => form.method === 'post' && form.action.includes('/o/'))"
        ".flatMap((form) => [...form.elements]).filter(({type}) => type === 'submit').length"
    )
    off = desk.find("form[method=post] button[aria-disabled=true]")

    assert still_on == 0
    assert off
    titles = {one.get_attribute("title") or one.get_attribute("data-bs-original-title") for one in off}
    assert any("a visit changes nothing" in str(title) for title in titles)
    desk.wait_for(lambda: tries_to_write(desk), "no reason")

    desk.press("End the visit")
    desk.wait_for(lambda: "has ended" in desk.text("main"), "the visit goes on")


def test_replay_is_without_fault_in_every_look(desk: Window, tenant: Tenant) -> None:
    with tenant_scope(tenant):
        attempt = SyncAttempt.objects.filter(step="create").first()
        assert attempt is not None
    page = f"/support/replay/acme-freight/{attempt.public_id}/"
    faults = faults_in_every_look(desk, page, LOOKS)
    desk.type("reason", REASON)
    desk.press("Replay in the sandbox")
    desk.wait_for(lambda: "nothing to compare" in desk.text("[role=status]"), "no answer")

    for theme, width in LOOKS:
        desk.look_as(theme=theme, width=width)
        faults["answers", theme, width] = desk.faults()

    assert {look: found for look, found in faults.items() if found} == {}

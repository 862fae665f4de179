"""A page loaded anew, a button pressed twice, a form that arrives twice: nothing is lost, doubled or broken."""

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from freightbridge.access.invitations import give_token, invite
from freightbridge.access.models import Invitation, Membership, User
from freightbridge.access.roles import ROLES
from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SendBatch, SendSchedule
from invoices.models import Shipment
from tests.conftest import make_member
from tests.journeys.chromium_window import Window
from tests.web.page_company import assessed, company

COMPANY = "/o/acme-freight/"
DIALOG = "#send-dialog:modal"
# As a browser without our script sends what is pressed twice.
SEND_TWICE = """
const [selector, changes, done] = arguments, form = document.querySelector(selector);
const body = new URLSearchParams([...new FormData(form)].filter(([name]) => !(name in changes)));
for (const [name, value] of Object.entries(changes)) body.append(name, value);
const send = () => fetch(form.action, {method: "POST", body}).then(({status, url}) => [status, new URL(url).pathname]);
Promise.all([send(), send()]).then(done, (error) => done([String(error)]));
"""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def seen(served: str, tenant: Tenant, window: Callable[[], Window]) -> Window:
    company(tenant)
    make_member(tenant, "admin")
    opened = window()
    opened.sign_in("admin@acme-freight.example")
    return opened


def send_twice(seen: Window, selector: str, **changes: str) -> list[Any]:
    seen.one(selector)
    answers: list[Any] = seen.driver.execute_async_script(SEND_TWICE, selector, changes)
    return answers


def press_twice(seen: Window, selector: str) -> None:
    before = seen.find("html")
    ActionChains(seen.driver).double_click(seen.scroll_to(seen.one(selector))).perform()
    # Between two pages there is neither.
    seen.wait_for(lambda: seen.find("html") not in ([], before), "the page stays")


def picked(seen: Window) -> list[str]:
    return [str(box.get_attribute("value")) for box in seen.find("input[name=shipment]:checked")]


def test_reload_in_the_middle_of_the_send_dialog_keeps_what_is_picked(seen: Window, tenant: Tenant) -> None:
    chosen, _, other = assessed(tenant, 3)
    seen.open(f"{COMPANY}shipments/")
    for shipment in (chosen, other):
        seen.one(f"#pick-{shipment.public_id}").click()
    seen.keys("s")
    seen.wait_for(lambda: "2 shipments will be sent" in seen.text(DIALOG), "no dialog")

    seen.driver.refresh()
    seen.wait_for(lambda: seen.text("#bulk-summary").startswith("2 selected · AUD 2,500.00"), "dropped by the reload")
    assert sorted(picked(seen)) == sorted(map(str, (chosen.public_id, other.public_id)))
    seen.keys("s")
    seen.wait_for(lambda: "2 shipments will be sent" in seen.text(DIALOG), "no dialog after the reload")
    seen.press("Send 2")
    seen.wait_for(lambda: "/sends/" in seen.driver.current_url, "not sent")

    seen.open(f"{COMPANY}shipments/")
    seen.driver.refresh()
    assert picked(seen) == []


def test_what_is_picked_is_dropped_by_escape_and_by_coming_back(seen: Window, tenant: Tenant) -> None:
    (first, *_) = assessed(tenant, 2)
    seen.open(f"{COMPANY}shipments/")
    seen.one(f"#pick-{first.public_id}").click()
    seen.keys(Keys.ESCAPE)
    seen.driver.refresh()
    assert picked(seen) == []

    seen.one(f"#pick-{first.public_id}").click()
    seen.open(COMPANY)
    seen.open(f"{COMPANY}shipments/")
    assert picked(seen) == []


def test_everything_that_matches_stays_picked_over_a_reload(seen: Window, tenant: Tenant) -> None:
    assessed(tenant, 3)
    seen.open(f"{COMPANY}shipments/")
    seen.one("#pick-page").click()
    seen.one("#pick-all").click()
    seen.wait_for(lambda: "3 selected, all that match" in seen.text("#bulk-summary"), "not all")

    seen.driver.refresh()
    seen.wait_for(lambda: "3 selected, all that match" in seen.text("#bulk-summary"), "no more all")
    assert len(picked(seen)) == 3


def test_double_click_sends_saves_invites_and_runs_once(seen: Window, tenant: Tenant) -> None:
    assessed(tenant, 2)
    seen.open(f"{COMPANY}shipments/")
    seen.one("#pick-page").click()
    seen.keys("s")
    press_twice(seen, "#send-form .btn-primary")
    seen.open(f"{COMPANY}settings/people/")
    seen.type("email", "zoe@example.com")
    press_twice(seen, "form:has([name=email]) .btn-primary")
    assert "is invited; the mail goes" in seen.text("main") + seen.text("#toasts")
    seen.open(f"{COMPANY}settings/when-sent/")
    press_twice(seen, "form:has([name=mode]) .btn-primary")
    press_twice(seen, "form[action$='/run/'] button")
    seen.open(f"{COMPANY}shipments/new/")
    seen.type("number", "TWICE-1")
    press_twice(seen, "form:has([name=number]) .btn-primary")

    assert seen.text("h1").startswith("TWICE-1")
    assert seen.complaints() == []
    with tenant_scope(tenant):
        assert (SendBatch.objects.count(), Invitation.objects.count()) == (1, 1)
        assert Shipment.objects.filter(number="TWICE-1").count() == 1
        assert WorkItem.objects.filter(kind="send by schedule").count() == 1
        assert AuditEvent.objects.filter(action="what makes a shipment go changed").count() == 1


def test_form_that_arrives_twice_at_once_is_no_error(seen: Window, tenant: Tenant) -> None:
    seen.open(f"{COMPANY}shipments/new/")
    for number in ("TWICE-1", "TWICE-2", "TWICE-3"):
        answers = send_twice(seen, "form:has([name=number])", number=number)
        assert sorted(status for status, _ in answers) == [200, 200]
    seen.open(f"{COMPANY}settings/when-sent/")
    answers = send_twice(seen, "form:has([name=mode])", mode="every", every_minutes="30")

    assert answers == [[200, f"{COMPANY}settings/when-sent/"]] * 2
    with tenant_scope(tenant):
        assert Shipment.objects.filter(number__startswith="TWICE").count() == 3
        assert SendSchedule.objects.count() == 1


def test_invited_person_who_joins_twice_at_once_is_in(
    seen: Window, tenant: Tenant, window: Callable[[], Window]
) -> None:
    with tenant_scope(tenant):
        by, now = User.objects.get(email="admin@acme-freight.example"), read_clock()
        token = give_token(invite(email="mia@example.com", role=ROLES["operator"], by=by, now=now))
    link, new = f"/invite/{token}/", window()
    new.open(link)
    send_twice(new, "form[method=post]", name="Mia", password="a very long pass phrase 91")

    new.open(link)
    assert new.driver.current_url.endswith(COMPANY)
    seen.open(link)
    assert seen.text("h1") == "This invitation is used"
    with tenant_scope(tenant):
        assert Membership.objects.filter(user__email="mia@example.com").count() == 1

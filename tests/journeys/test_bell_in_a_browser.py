"""The bell tells without a reload, and is good to use for everybody."""

from collections.abc import Callable

import pytest

from freightbridge.notices.models import Mail
from freightbridge.notices.switch_off_mail import switch_off_address
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.journeys.chromium_window import Window
from tests.notices.told_people import tell, write
from tests.web.page_company import assessed, company, sent

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
OPERATOR = "operator@acme-freight.example"
SENDS = "/o/acme-freight/sends/1/"


def test_page_that_looks_by_itself_brings_the_bell_along_and_one_click_reads_all(
    served: str, tenant: Tenant, window: Callable[[], Window]
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, 2), state="sending")
    make_member(tenant, "operator")
    seen = window()
    seen.look_as(theme="light", width=1440)
    seen.sign_in(OPERATOR)
    seen.open(SENDS)
    before = seen.text("#bell-count")

    tell(tenant, "Send 1: 48 of 50 sent, 2 need attention", to=OPERATOR, address=SENDS)
    tell(tenant, "Upload of march.csv: 40 rows imported", to=OPERATOR)
    seen.wait_for(lambda: seen.text("#bell-count").startswith("2"), "the bell said nothing")
    seen.one("#bell").click()
    seen.wait_for(lambda: "48 of 50" in seen.text("#under-bell"), "nothing under the bell")
    faults = {"open": seen.faults()}
    seen.look_as(theme="dark", width=390)
    seen.wait_for(lambda: seen.theme() == "dark", "never dark")
    faults["dark and narrow"] = seen.faults()
    seen.press("Mark all read", inside="//*[@id='under-bell']")
    seen.wait_for(lambda: not seen.text("#bell-count"), "still unread")
    seen.press("Send 1: 48 of 50 sent", inside="//*[@id='under-bell']")

    seen.wait_for(lambda: seen.driver.current_url.endswith(SENDS), "not opened")
    assert before == ""
    assert {look: found for look, found in faults.items() if found} == {}


def test_link_in_a_mail_is_without_fault_for_somebody_who_is_not_signed_in(
    served: str, tenant: Tenant, window: Callable[[], Window]
) -> None:
    make_member(tenant, "admin")
    write(tenant)
    with tenant_scope(tenant):
        good = switch_off_address(Mail.objects.select_related("membership").get(), tenant)
    seen, faults = window(), {}

    for theme, width in (("light", 1440), ("dark", 390)):
        seen.look_as(theme=theme, width=width)
        seen.open("/mail/off/nonsense/")
        # Chromium complains of the status itself.
        faults["broken", theme] = [fault for fault in seen.faults() if "404" not in fault]
        seen.open(good)
        faults["asked", theme] = seen.faults()
        seen.press("Switch it off")
        seen.wait_for(lambda: seen.text("h1") == "Switched off", "not switched off")
        faults["done", theme] = seen.faults()

    assert {look: found for look, found in faults.items() if found} == {}

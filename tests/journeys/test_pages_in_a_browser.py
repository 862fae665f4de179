"""Every page, light and dark, wide and narrow: for everybody who reads it, and for the policy that guards it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from freightbridge.access.invitations import give_token, invite
from freightbridge.access.models import Membership, User
from freightbridge.access.roles import ROLES
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.lose_connection import lose_connection
from integrations.models import ReferenceRecord, SyncAttempt, XeroConnection
from integrations.problem_catalogue.causes import CauseKey
from invoices.models import BillingEntity, Customer, Invoice, NumberSeries, SavedView, Shipment, ShipmentCharge
from tests.conftest import NOW, make_member
from tests.freight_factories import ChargeFactory, CustomerFactory
from tests.intake.carrier_messages import OCEAN
from tests.journeys.chromium_window import Window
from tests.rest.other_systems import other_systems
from tests.web.page_company import (
    Visitor,
    assessed,
    checked_numbers,
    company,
    differing_break,
    exported,
    searched,
    sent,
    status_change,
    visitor,
)
from tests.web.test_upload_pages import STRANGE, choose, work

PROBLEM = {"code": "FB-201", "subject": "C-9", "words": {"customer": "C-9", "xero": "Contact not found"}}
NO_CONTACT = CauseKey(code="FB-201", subject="C-9", side="")
# So long that nobody keeps what was sent then.
LONG_AGO = NOW - timedelta(days=4000)
COMPANY = "/o/acme-freight/"
HELP = ["/help/errors/", "/help/errors/FB-201/"]
Look = tuple[str, int]
# A window of 1440 at 200 % has 720 CSS pixels; 1280 is a small laptop's. There the layout alone is asked about.
MORE_WIDTHS = (720, 1280)
LOOKS: list[Look] = [("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def pages(served: str, tenant: Tenant) -> list[str]:
    """With something in each state on them."""
    in_every_state(tenant)
    sent(tenant, assessed(tenant), call={"sent_at": LONG_AGO, "finished_at": LONG_AGO})
    with tenant_scope(tenant):
        old = SyncAttempt.objects.get(sent_at=LONG_AGO)
        SyncAttempt.objects.filter(pk=old.pk).update(body=b"", answer="", raw_removed_at=read_clock())
        SavedView.objects.create(name="By sea", query="mode=sea")
        done, stuck = (Shipment.objects.filter(accounting_state=state).first() for state in ("in xero", "attention"))
        differing_break()
        status_change(tenant, [done])
        operator_member = Membership.objects.get()
        invitation = invite(email="mia@example.com", role=ROLES["viewer"], by=operator_member.user, now=read_clock())
        token = give_token(invitation)
        others = other_systems(User.objects.get(email="operator@acme-freight.example"))
        quote = Invoice.objects.get(kind="quote")
        costly = Shipment.objects.order_by("id").first()
        ChargeFactory(shipment=costly, side="cost", supplier=CustomerFactory(name="Carrier Lines"))
        invoice, customer, attempt = Invoice.objects.first(), Customer.objects.first(), SyncAttempt.objects.first()
        stopped = Invoice.objects.get(xero_document__state="attention")
        ShipmentCharge.objects.filter(invoice=invoice).update(unit_price=2000)
        checked_numbers(sales_invoice=[[5, 1, 90]], quote=[[4, 1, 120]])
        series = NumberSeries.objects.order_by("id")[0]
        entity = BillingEntity.objects.get()
    paths = [
        "", "setup/", "receivables/", "shipments/?money=unsent&cause=FB-201",
        "shipments/", "shipments/?state=not-ready", "shipments/?q=nothing", "shipments/new/",
        "shipments/views/", "shipments/?mode=sea&carrier=1",
        f"shipments/{stuck.public_id}/", f"shipments/{stuck.public_id}/integration/",
        f"shipments/{done.public_id}/payments/", f"shipments/{done.public_id}/documents/",
        f"shipments/{done.public_id}/history/", f"shipments/{done.public_id}/edit/", "invoices/",
        f"invoices/{stopped.public_id}/",
        f"shipments/{costly.public_id}/", f"shipments/{costly.public_id}/edit/",
        f"invoices/{invoice.public_id}/", f"invoices/{invoice.public_id}/credit/", f"invoices/{quote.public_id}/",
        "customers/", f"customers/{customer.public_id}/",
        f"customers/{customer.public_id}/edit/", "import/", "import/1/", "import/2/",
        "export-files/",
        "export-files/?kind=sales+invoice&choice=new&takes_ready=on", "export-files/1/",
        "already-in-xero/", "already-in-xero/1/", "sends/", "sends/1/", "logs/",
        f"logs/calls/{attempt.public_id}/", f"logs/calls/{old.public_id}/", "logs/?direction=webhook",
        "logs/?checks=shown",
        "reconciliation/", "reconciliation/?show=settled",
        f"shipments/{stuck.public_id}/preview/", f"shipments/{done.public_id}/preview/",
        "attention/", f"attention/{NO_CONTACT.public_id}/",
        "api/", "settings/api/", "settings/api-keys/", "settings/events/", f"settings/events/{others['endpoint']}/",
        "settings/people/", f"settings/people/{operator_member.public_id}/", "settings/activity/",
        "settings/activity/?actor=nobody", "customers/sync/", "found/", "settings/organisations/",
        "settings/numbers/", f"settings/numbers/{series.public_id}/", f"settings/entities/{entity.public_id}/",
        "settings/xero/", "settings/sending/", "settings/when-sent/",
        "status-changes/1/", "mappings/charges/?q=FRT", "mappings/taxes/?q=GST", "mappings/customers/",
        "mappings/currencies/", "mappings/terms/", "customers/?terms=30",
        "mappings/lines/?side=sales&charge_code=FRT", "mappings/countries/", "mappings/tracking/",
        "mappings/items/?q=FRT", "mappings/file/", "mappings/copy/", "settings/versions/",
        "notices/", "notices/mails/",
    ]  # fmt: skip
    own = ["/me/", "/me/two-step/", "/me/two-step-needed/", "/reauthenticate/", f"/invite/{token}/"]
    return [*(f"{COMPANY}{path}" for path in paths), "/companies/", "/password/change/", *own, *HELP]


def in_every_state(tenant: Tenant) -> Visitor:
    """The operator of a company with something in each state."""
    company(tenant)
    # First, since a file takes what was stopped too.
    exported(tenant, assessed(tenant))
    assessed(tenant, incoterm="")
    assessed(tenant, do_not_send_reason="Invoiced by hand")
    sent(tenant, [*assessed(tenant), *assessed(tenant, incoterm="")])
    sent(tenant, assessed(tenant), state="attention", problems=[PROBLEM], problem_code="FB-201")
    sent(tenant, assessed(tenant, document="quote"))
    searched(tenant, assessed(tenant))
    assessed(tenant)
    operator = visitor(tenant, "operator")
    keep_rules(operator)
    choose(operator, STRANGE)
    choose(operator, OCEAN, "bill.edi")
    work()
    return operator


def keep_rules(person: Visitor) -> None:
    """With the versions that they make."""
    with tenant_scope(person.tenant):
        connection = XeroConnection.objects.get()
        ReferenceRecord.objects.create(connection=connection, kind="tracking", key="t", code="Branch", name="Sydney")
    person.post("mapping_lines", side="sales", cost_centre="SYD-WH1", account_code="200")
    person.post("mapping_tracking", dimension="branch", value="SYD", pair="Branch: Sydney")


def test_every_page_is_without_fault_in_every_look(
    pages: list[str], tenant: Tenant, window: Callable[[], Window]
) -> None:
    """Loaded in one of the looks, another one from page to page, and switched to the others."""
    make_member(tenant, "admin")
    seen = window()
    faults = faults_in_every_look(seen, "/login/", LOOKS)
    seen.sign_in("admin@acme-freight.example")

    for number, page in enumerate(pages):
        first = number % len(LOOKS)
        faults |= faults_in_every_look(seen, page, LOOKS[first:] + LOOKS[:first])

    assert len(faults) == (len(LOOKS) + len(MORE_WIDTHS)) * (len(pages) + 1)
    assert {look: found for look, found in faults.items() if found} == {}


def faults_in_every_look(seen: Window, page: str, looks: list[Look]) -> dict[tuple[str, str, int], list[str]]:
    """By page and look. The page is loaded in the first of them."""
    faults = {}
    for theme, width in looks:
        seen.look_as(theme=theme, width=width)
        if not faults:
            seen.open(page)
        seen.wait_for(lambda theme=theme: seen.theme() == theme, f"never {theme}")
        faults[page, theme, width] = seen.faults()
    for width in MORE_WIDTHS:
        seen.look_as(theme=theme, width=width)
        faults[page, "any", width] = seen.layout_faults()
    return faults


def test_what_is_picked_survives_paging_and_the_lists_own_refresh(
    served: str, tenant: Tenant, window: Callable[[], Window]
) -> None:
    company(tenant)
    assessed(tenant, 55)
    sent(tenant, assessed(tenant), state="sending")
    make_member(tenant, "operator")
    seen = window()
    seen.sign_in("operator@acme-freight.example")
    seen.open(f"{COMPANY}shipments/")

    seen.one("#pick-page").click()
    seen.scroll_to(seen.one("a[rel=next]")).click()
    seen.wait_for(lambda: "after=" in seen.driver.current_url, "no second page")
    seen.wait_for(lambda: len(seen.find("input[name=shipment]")) == 6, "no second page")
    seen.scroll_to(seen.one("input[name=shipment]")).click()
    before = seen.one("#list").id
    seen.wait_for(lambda: seen.one("#list").id != before, "the list did not refresh itself")

    assert seen.text("#bulk-summary").startswith("51 selected · AUD ")
    assert [box.is_selected() for box in seen.find("input[name=shipment]")] == [True, *[False] * 5]


def test_lost_connection_is_without_fault_for_those_who_mend_it_and_those_who_ask(
    served: str, tenant: Tenant, window: Callable[[], Window]
) -> None:
    connection = company(tenant)
    with tenant_scope(tenant):
        lose_connection(connection.pk, reason="Xero has ended our authorisation", now=NOW)
    faults = {}

    for role, page in (("admin", "settings/xero/"), ("viewer", "shipments/")):
        make_member(tenant, role)
        seen = window()
        seen.sign_in(f"{role}@acme-freight.example")
        for theme, width in (("light", 1440), ("dark", 390)):
            seen.look_as(theme=theme, width=width)
            seen.open(f"{COMPANY}{page}")
            assert "is lost" in seen.text(".alert-danger")
            faults[role, theme] = seen.faults()

    assert {look: found for look, found in faults.items() if found} == {}

import re

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ConnectionSettings, TaxRule
from invoices.models import Customer, Shipment
from tests.freight_factories import ChargeCodeFactory, ChargeFactory
from tests.web.contact_records import contact
from tests.web.page_company import Visitor, assessed, checked_numbers, company, sent, visitor

STEP = re.compile(r'id="step-(\w+)">.*?visually-hidden">(Done|To do):', re.DOTALL)


def done(page: str) -> list[str]:
    return [name for name, word in STEP.findall(page) if word == "Done"]


def test_nothing_is_done_before_xero_is_connected(operator: Visitor) -> None:
    page = operator.text("setup")

    assert [name for name, _ in STEP.findall(page)] == [
        "connect",
        "customers",
        "charges",
        "taxes",
        "rules",
        "numbers",
        "send",
    ]
    assert done(page) == []
    assert "No charges yet: upload shipments first." in page


def test_steps_tick_themselves_off_and_the_list_leaves_the_menu(tenant: Tenant, admin: Visitor) -> None:
    connection = company(tenant, unknown_customer="hold")
    assert done(admin.text("setup")) == ["connect"]

    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        code = Customer.objects.get().code
    page = admin.text("setup")
    assert done(page) == ["connect", "charges", "taxes"]
    assert f"1 of 1 to match (customer): {code}." in page

    with tenant_scope(tenant):
        contact(connection, name="Customer", code=code)
    assert done(admin.text("setup")) == ["connect", "customers", "charges", "taxes"]

    with tenant_scope(tenant):
        ConnectionSettings.objects.update(unknown_customer="create")
    rules = admin.get("sending_rules").context["form"].initial
    assert admin.post("sending_rules", **{name: value for name, value in rules.items() if value}).status_code == 302
    assert done(admin.text("setup"))[-1] == "rules"
    assert "Set-up" in admin.text("shipments")

    assert "Xero has not been asked about all of them yet." in admin.text("setup")
    with tenant_scope(tenant):
        checked_numbers()
    sent(tenant, [shipment])
    page = admin.text("setup")

    assert "7 of 7 steps are done" in page
    assert "Set-up" not in admin.text("shipments")
    assert "Set-up" not in admin.text("overview")


def test_what_is_missing_is_named(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        ChargeFactory(shipment=shipment, charge_code=ChargeCodeFactory(code="THC", name="Terminal"))
        TaxRule.objects.all().delete()
        Shipment.objects.update(currency="USD")

    page = admin.text("setup")

    assert "1 of 2 to match (charge code): THC." in page
    assert "1 of 1 to match (tax code): GST. 1 of 1 to match (currency): USD." in page
    assert "Customers that Xero does not know are created there" in page


def test_step_of_taxes_and_currencies_leads_to_whichever_is_left(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    assessed(tenant)
    with tenant_scope(tenant):
        Shipment.objects.update(currency="USD")

    assert 'href="/o/acme-freight/mappings/currencies/">See the currencies' in admin.text("setup")

    with tenant_scope(tenant):
        TaxRule.objects.all().delete()

    assert 'href="/o/acme-freight/mappings/taxes/">Choose tax rates' in admin.text("setup")


def test_set_up_that_is_done_stays_done(tenant: Tenant, admin: Visitor) -> None:
    """A new charge code has the list of what needs attention, not the set-up."""
    Tenant.objects.filter(pk=tenant.pk).update(setup_done_at=read_clock())

    assert "Set-up" not in admin.text("overview")


def test_button_of_a_step_is_disabled_with_the_reason(tenant: Tenant) -> None:
    page = visitor(tenant, "support").text("setup")

    assert "Your role is Support; to send to accounting takes Admin or Operator." in page

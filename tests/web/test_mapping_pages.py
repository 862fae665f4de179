import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape, strip_tags

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import (
    ChargeRule,
    ContactLink,
    ReferenceRecord,
    RulesVersion,
    SyncJob,
    TaxPlaceRule,
    TaxRule,
    XeroConnection,
)
from integrations.reference_data.match_contacts import link_by_account_number
from tests.conftest import NOW
from tests.freight_factories import ChargeCodeFactory, ChargeFactory, CustomerFactory, TaxCodeFactory
from tests.web.contact_records import contact
from tests.web.page_company import Visitor, assessed, company, sent

QUERIES, TAX_QUERIES = 22, 24
ACCOUNTS = (
    ("201", {"class": "REVENUE", "type": "SALES", "system": ""}, True),
    ("300", {"class": "EXPENSE", "type": "EXPENSE", "system": ""}, True),
    ("800", {"class": "REVENUE", "type": "REVENUE", "system": "ROUNDING"}, True),
    ("900", {"class": "REVENUE", "type": "BANK", "system": ""}, True),
    ("203", {"class": "REVENUE", "type": "REVENUE", "system": ""}, False),
)
RATES = (
    ("INPUT", {"rate": "10", "applies_to": ["EXPENSE"]}, True),
    ("EXEMPT", {"rate": "0", "applies_to": ["REVENUE"]}, True),
    ("OLD", {"rate": "10", "applies_to": ["REVENUE"]}, False),
)


@pytest.fixture
def connected(tenant: Tenant) -> XeroConnection:
    found = company(tenant, unknown_customer="hold")
    with tenant_scope(tenant):
        for kind, records in (("account", ACCOUNTS), ("tax rate", RATES)):
            ReferenceRecord.objects.bulk_create(
                ReferenceRecord(
                    connection=found, kind=kind, key=code, code=code, name=f"{kind} {code}", data=data, is_active=active
                )
                for code, data, active in records
            )
        ChargeCodeFactory()
    return found


def options(page: str, label: str) -> list[str]:
    select = re.search(f'<select[^>]*aria-label="{label}".*?</select>', page, re.DOTALL)[0]
    return re.findall(r'<option value="([^"]+)"(?![^>]*disabled)', select)


def refused(page: str, label: str) -> list[str]:
    """What the list shows and does not let anybody choose."""
    select = re.search(f'<select[^>]*aria-label="{label}".*?</select>', page, re.DOTALL)[0]
    return re.findall(r"<option[^>]* disabled[^>]*>([^<]+)</option>", select)


def column(page: str, label: str) -> list[str]:
    """The words of each of its cells."""
    return [strip_tags(cell).strip() for cell in re.findall(f'data-label="{label}">(.*?)</td>', page, re.DOTALL)]


def stopped(tenant: Tenant, code: str, **words: str) -> None:
    problem = {"code": code, "subject": next(iter(words.values())), "words": words}
    sent(tenant, assessed(tenant), state="attention", problems=[problem], problem_code=code)


def job_states(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(SyncJob.objects.order_by("id").values_list("state", flat=True))


def test_charge_codes_offer_only_accounts_that_xero_would_take(operator: Visitor, connected: XeroConnection) -> None:
    page = operator.text("mapping_charges")

    assert options(page, "Account of FRT for sales") == ["200", "201"]
    assert options(page, "Account of FRT for purchases") == ["300"]


def test_account_that_xero_would_refuse_is_shown_with_the_reason(operator: Visitor, connected: XeroConnection) -> None:
    page = operator.text("mapping_charges")

    assert refused(page, "Account of FRT for sales") == [
        "203 account 203 (archived in Xero)",
        "300 account 300 (class expense; sales take revenue)",
        "800 account 800 (Xero keeps it for itself)",
        "900 account 900 (a bank account)",
    ]
    assert "200 account 200 (class revenue; purchases take asset or expense)" in refused(
        page, "Account of FRT for purchases"
    )


@pytest.mark.parametrize("account", ["", "20", "201", "203", "2<0"])
def test_row_marks_its_own_account_and_no_other(
    operator: Visitor, connected: XeroConnection, tenant: Tenant, account: str
) -> None:
    """Whatever was chosen: one that others begin like, one that Xero refuses by now, one that it does not know."""
    with tenant_scope(tenant):
        ChargeRule.objects.filter(connection=connected).delete()
        if account:
            ChargeRule.objects.create(connection=connected, side="sales", charge_code="FRT", account_code=account)

    page = operator.text("mapping_charges")

    select = re.search('<select[^>]*aria-label="Account of FRT for sales".*?</select>', page, re.DOTALL)[0]
    assert re.findall('<option value="([^"]*)" selected', select) == ([escape(account)] if account else [])


@pytest.mark.parametrize(
    ("page", "field"), [("mapping_lines", "account_code"), ("sending_rules", "default_sales_account")]
)
def test_forms_show_why_an_account_cannot_be_chosen_and_refuse_it(
    admin: Visitor, connected: XeroConnection, page: str, field: str
) -> None:
    select = re.search(f'<select[^>]*name="{field}".*?</select>', admin.text(page), re.DOTALL)[0]

    assert "data-type-ahead" in select
    assert re.search(r'<option value="900"[^>]* disabled[^>]*>900 account 900 \(a bank account\)</option>', select)


def test_charge_code_goes_to_the_chosen_account_and_shipments_are_checked_again(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    response = operator.post("map_charge", code="FRT", side="sales", account="201")

    with tenant_scope(tenant):
        rule, event = ChargeRule.objects.get(), AuditEvent.objects.get()
        assert WorkItem.objects.filter(kind="assess shipments", subject_id=connected.pk).exists()
    assert response["Location"] == "/o/acme-freight/mappings/charges/"
    assert rule.account_code == "201"
    assert event.details == {"FRT, sales": {"before": "200", "after": "201"}}


@pytest.mark.parametrize("account", ["300", "800", "900", "203", "nonsense"])
def test_charge_code_is_refused_what_xero_would_refuse(
    tenant: Tenant, operator: Visitor, connected: XeroConnection, account: str
) -> None:
    operator.post("map_charge", code="FRT", side="sales", account=account)

    with tenant_scope(tenant):
        assert ChargeRule.objects.get().account_code == "200"
    assert "Not saved." in operator.text("mapping_charges")


def test_chosen_account_sends_on_what_it_blocked_and_nothing_else(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        TaxRule.objects.create(connection=connected, side="sales", tax_code="X", tax_type="OUTPUT")
        contact(connected, name="Everybody")
        for_all = {"unknown_customer": "create"}
        type(connected.settings).objects.update(**for_all)
    stopped(tenant, "FB-301", charge_code="FRT")
    stopped(tenant, "FB-302", charge_code="DOC, FRT")
    stopped(tenant, "FB-301", charge_code="DOC")
    stopped(tenant, "FB-304", tax_code="FRT")

    before = operator.text("mapping_charges")
    operator.post("map_charge", code="FRT", side="sales", account="201")

    assert job_states(tenant) == ["queued", "queued", "attention", "attention"]
    with tenant_scope(tenant):
        newest = RulesVersion.objects.get(reason="mapping changed")
        assert set(SyncJob.objects.filter(state="queued").values_list("rules_version", flat=True)) == {newest.number}
    told = operator.text("mapping_charges")
    assert "Unblocks 2, changes nothing already in Xero" in before
    assert "Nothing already in Xero changes" in told
    assert "2 stopped documents go on." in told
    assert "Unblocks" not in told


def test_charge_codes_without_an_account_that_are_in_use_come_first(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        ChargeCodeFactory(code="AAA")
        needed = ChargeCodeFactory(code="ZZZ")
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        shipment.charges.update(charge_code=needed)
        ChargeFactory(shipment=shipment, charge_code=needed)

    page = operator.text("mapping_charges")

    assert re.findall(r"<td><strong>(\w+)</strong>", page) == ["ZZZ", "AAA", "FRT"]
    assert re.findall(r'data-label="Waiting shipments">(\d+)</td>', page) == ["1", "0", "0"]
    assert "1 charge code in use has no account." in page


def test_charge_code_waits_for_no_shipment_that_is_not_to_be_sent(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    assessed(tenant, do_not_send_reason="Invoiced by hand")

    page = operator.text("mapping_charges")

    assert re.findall(r'data-label="Waiting shipments">(\d+)</td>', page) == ["0"]


def test_charge_code_shows_the_default_that_is_used(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
        type(connected.settings).objects.update(default_sales_account="201")

    assert "Default used: 201 account 201" in operator.text("mapping_charges")


def test_tax_codes_offer_active_rates_and_disable_those_that_differ_from_ours(
    operator: Visitor, connected: XeroConnection
) -> None:
    page = operator.text("mapping_taxes")

    assert options(page, "Rate of GST for sales") == ["OUTPUT"]
    assert "disabled>tax rate EXEMPT is 0 % in Xero, and ours is 10 %.</option>" in page
    assert "tax rate OLD" not in page


def test_tax_code_becomes_the_chosen_rate_and_sends_on_what_it_blocked(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        type(connected.settings).objects.update(unknown_customer="create")
    stopped(tenant, "FB-304", tax_code="GST")

    before = operator.text("mapping_taxes")
    operator.post("map_tax", code="GST", side="sales", tax_type="OUTPUT")

    assert job_states(tenant) == ["queued"]
    assert "Unblocks 1, changes nothing already in Xero" in before


def test_tax_code_tells_who_changed_it_last(tenant: Tenant, operator: Visitor, connected: XeroConnection) -> None:
    with tenant_scope(tenant):
        TaxCodeFactory(code="NEW", rate=10)

    operator.post("map_tax", code="NEW", side="sales", tax_type="OUTPUT")

    page = operator.text("mapping_taxes")
    cells = re.findall(r'data-label="Last changed">(.*?)</td>', page, re.DOTALL)
    assert ["operator@acme-freight.example" in cell for cell in cells] == [False, True]


def test_tax_codes_count_the_waiting_charges_that_are_taxed_by_them_wherever_that_stands(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        type(connected.settings).objects.update(unknown_customer="create")
        free = TaxCodeFactory(code="FREE", rate=0)
        abroad = CustomerFactory(country="New Zealand")
        TaxPlaceRule.objects.create(connection=connected, side="sales", place="abroad", tax_code="FREE")
        supplier = CustomerFactory(tax_code=free)
    first, *_ = assessed(tenant, 2)
    assessed(tenant, bill_to=abroad)
    assessed(tenant, do_not_send_reason="Invoiced by hand")
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        ChargeFactory(shipment=first, tax_code=free)
        ChargeFactory(shipment=first, side="cost", supplier=supplier)

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("mapping_taxes")

    assert column(page, "Waiting charges") == ["3", "2"]
    assert len(queries) == TAX_QUERIES, "\n".join(query["sql"][:150] for query in queries)


@pytest.mark.parametrize(
    ("tax_type", "reason"), [("EXEMPT", "ours is 10 %"), ("OLD", "is deleted in Xero"), ("INPUT", "does not allow")]
)
def test_tax_code_is_refused_what_xero_would_refuse(
    tenant: Tenant, operator: Visitor, connected: XeroConnection, tax_type: str, reason: str
) -> None:
    operator.post("map_tax", code="GST", side="sales", tax_type=tax_type)

    with tenant_scope(tenant):
        assert TaxRule.objects.get().tax_type == "OUTPUT"
    assert reason in operator.text("mapping_taxes")


@pytest.mark.parametrize("count", [1, 3])
def test_customer_mapping_takes_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, operator: Visitor, connected: XeroConnection, count: int
) -> None:
    with tenant_scope(tenant):
        CustomerFactory.create_batch(count)

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("mapping_customers")

    assert page.count("Not matched</span>") == count
    assert len(queries) == QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_customer_mapping_suggests_a_contact_of_the_same_name_and_never_matches_by_it(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        CustomerFactory(code="C-1", name="Coastal Ceramics")
        contact(connected, name="COASTAL CERAMICS", code="OTHER")

    page = operator.text("mapping_customers", state="not-matched")

    assert 'value="COASTAL CERAMICS"' in page
    assert "Is it the same party?" in page


def test_customer_is_matched_by_hand_and_what_waited_for_it_goes_on(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        customer = CustomerFactory(code="C-1")
        chosen = contact(connected, name="Coastal Ceramics", code="OTHER")
        contact(connected, name="Somebody", code="C-1")
    shipments = assessed(tenant, bill_to=customer)
    problem = {"code": "FB-201", "subject": "C-1", "words": {"customer": "C-1"}}
    sent(tenant, shipments, state="attention", problems=[problem], problem_code="FB-201")

    operator.post("map_customer", code="C-1", contact="Coastal Ceramics")

    with tenant_scope(tenant):
        link = ContactLink.objects.get(customer_code="C-1")
    assert (str(link.contact_id), link.matched_by) == (chosen.key, "hand")
    assert job_states(tenant) == ["queued"]


def test_customers_count_the_waiting_shipments_that_they_are_billed_or_supply(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        type(connected.settings).objects.update(unknown_customer="create")
        billed, carrier = CustomerFactory(name="A"), CustomerFactory(name="B")
    first, *_ = assessed(tenant, 2, bill_to=billed)
    sent(tenant, assessed(tenant, bill_to=billed))
    with tenant_scope(tenant):
        ChargeFactory(shipment=first)
        ChargeFactory(shipment=first, side="cost", supplier=carrier)

    assert column(operator.text("mapping_customers"), "Waiting shipments") == ["2", "1"]


def test_customer_tells_who_matched_it_last_or_that_it_was_matched_by_its_number(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        for name in ("by hand", "by number", "not yet"):
            CustomerFactory(code=name, name=name)
        contact(connected, name="Coastal")
        contact(connected, name="Bluegum", code="by number")
        link_by_account_number(connected, {"by number"}, now=NOW)

    for name in ("Bluegum", "Coastal"):
        operator.post("map_customer", code="by hand", contact=name)

    told = column(operator.text("mapping_customers"), "Last changed")
    ends = ("operator@acme-freight.example", "FreightBridge", "—")
    assert [cell.endswith(end) for cell, end in zip(told, ends, strict=True)] == [True] * 3


def test_customer_is_matched_with_active_contacts_only(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        CustomerFactory(code="C-1")
        contact(connected, name="Gone", is_active=False)

    assert operator.post("map_customer", code="C-1", contact="Gone").status_code == 404


def test_contact_offers_find_by_name_and_account_number(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        contact(connected, name="Coastal", code="C-1")
        contact(connected, name="Bluegum", code="B-1")

    offered = [re.findall(r'value="([^"]+)"', operator.text("contact_offers", contact=text)) for text in ("oast", "b-")]

    assert offered == [["Coastal"], ["Bluegum"]]


@pytest.mark.parametrize("name", ["mapping_charges", "mapping_taxes", "mapping_customers"])
def test_mappings_without_a_connection_lead_to_it(operator: Visitor, name: str) -> None:
    assert "Go to the connection" in operator.text(name)


def test_rate_with_decimals_is_compared_as_a_number(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        TaxCodeFactory(code="GST2", rate=Decimal("10.0000"))

    operator.post("map_tax", code="GST2", side="sales", tax_type="OUTPUT")

    with tenant_scope(tenant):
        assert TaxRule.objects.filter(tax_code="GST2", tax_type="OUTPUT").exists()


def test_refusal_that_names_several_codes_leads_to_each_of_them(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        for code in ("AAA", "DOC"):
            ChargeCodeFactory(code=code)

    page = operator.text("mapping_charges", q="DOC, FRT")

    assert re.findall(r'<tr class="row-picked">\s*<td><strong>(\w+)<', page) == ["DOC", "FRT"]
    assert re.findall(r"<td><strong>(\w+)</strong>", page) == ["DOC", "FRT", "AAA"]


def test_customer_that_a_problem_names_comes_first_however_many_codes_begin_like_it(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        for number in range(10, 70):
            CustomerFactory(code=f"C-1{number}", name=f"A {number}")
        CustomerFactory(code="C-1", name="Zebra")

    page = operator.text("mapping_customers", q="C-1")

    assert re.findall(r'<tr class="row-picked" id="picked">.*?secondary">([^<]+)<', page, re.DOTALL) == ["C-1"]
    assert re.findall(r'cell-note text-secondary">(C-1\d*)<', page)[:2] == ["C-1", "C-110"]

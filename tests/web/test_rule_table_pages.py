import re
from decimal import Decimal

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, ReferenceRecord, RulesVersion, TaxPlaceRule, TrackingRule, XeroConnection
from integrations.models.sync_job import SyncJob
from invoices.models import ShipmentCharge
from tests.freight_factories import ChargeCodeFactory, CustomerFactory, TaxCodeFactory
from tests.web.page_company import Visitor, assessed, company, sent, visitor

ACCOUNTS = (
    ("201", {"class": "REVENUE", "type": "SALES", "system": ""}, True),
    ("300", {"class": "EXPENSE", "type": "EXPENSE", "system": ""}, True),
    ("203", {"class": "REVENUE", "type": "REVENUE", "system": ""}, False),
)
RATES = (
    ("INPUT", {"rate": "10", "applies_to": ["EXPENSE"]}, True),
    ("EXEMPT", {"rate": "0", "applies_to": ["REVENUE"]}, True),
    ("GSTONSERVICES", {"rate": "10", "applies_to": ["REVENUE"]}, True),
)
LINE = {"side": "sales", "charge_code": "FRT", "cost_centre": "SYD-WH1", "account_code": "201"}


@pytest.fixture
def connected(tenant: Tenant) -> XeroConnection:
    found = company(tenant, unknown_customer="create")
    with tenant_scope(tenant):
        for kind, records in (("account", ACCOUNTS), ("tax rate", RATES)):
            ReferenceRecord.objects.bulk_create(
                ReferenceRecord(
                    connection=found, kind=kind, key=code, code=code, name=f"{kind} {code}", data=data, is_active=active
                )
                for code, data, active in records
            )
        ReferenceRecord.objects.create(connection=found, kind="item", key="i", code="PICK", name="Picking")
        for category, option in (("Branch", "Sydney"), ("Branch", "Perth"), ("Mode", "Ocean")):
            ReferenceRecord.objects.create(
                connection=found, kind="tracking", key=f"{category}-{option}", code=category, name=option
            )
        ChargeCodeFactory()
    return found


def charges(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def queued_line(tenant: Tenant) -> dict[str, object]:
    with tenant_scope(tenant):
        job = SyncJob.objects.get()
        assert job.problems == []
        (line,) = job.mapped["lines"]
    return line


def test_cost_centre_decides_before_its_charge_code(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    operator.post("mapping_lines", **LINE, item_code="PICK", tax_type="GSTONSERVICES")
    shipments = assessed(tenant)
    with tenant_scope(tenant):
        ShipmentCharge.objects.update(cost_centre="SYD-WH1")

    preview = charges(operator.text("shipment", shipments[0].public_id))
    sent(tenant, shipments)

    line = queued_line(tenant)
    assert "201 account 201 from charge code FRT in cost centre SYD-WH1" in preview
    assert (line["account_code"], line["item_code"], line["tax_type"]) == ("201", "PICK", "GSTONSERVICES")
    assert line["tax_origin"] == "from charge code FRT in cost centre SYD-WH1"


def test_page_tells_which_line_decides_and_when_the_default_is_used(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        type(connected.settings).objects.update(default_sales_account="200")
        ChargeCodeFactory(code="PICKING")
        ChargeRule.objects.create(connection=connected, side="sales", cost_centre="SYD", account_code="201")

    by_centre = charges(operator.text("mapping_lines", side="sales", charge_code="PICKING", cost_centre="SYD"))
    by_code = charges(operator.text("mapping_lines", side="sales", charge_code="FRT", cost_centre="SYD"))
    by_default = charges(operator.text("mapping_lines", side="sales", charge_code="PICKING", cost_centre="MEL"))

    assert "201 account 201 from cost centre SYD" in by_centre
    assert "200 account 200 from charge code FRT" in by_code
    assert "default account used" in by_default


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"account_code": "300"}, "Xero does not allow the account 300 for sales"),
        ({"account_code": "203"}, "is archived in Xero or does not exist there. It takes: 200 account 200, 201"),
        ({"tax_type": "INPUT"}, "Xero does not allow tax rate INPUT on 201 account 201. It takes: tax rate EXEMPT"),
        ({"charge_code": "", "cost_centre": ""}, "Name a charge code, a cost centre or both."),
        ({"account_code": ""}, "the line says nothing yet"),
        ({"item_code": "NONE"}, "There is no item NONE in Xero."),
        ({"charge_code": "XYZ"}, "There is no charge code XYZ."),
    ],
)
def test_line_that_xero_would_refuse_is_explained_at_its_field(
    tenant: Tenant, operator: Visitor, connected: XeroConnection, changes: dict[str, str], text: str
) -> None:
    page = charges(operator.post("mapping_lines", **{**LINE, **changes}).content.decode())

    with tenant_scope(tenant):
        assert ChargeRule.objects.count() == 1
    assert text in page


def test_account_of_a_charge_code_is_refused_where_its_tax_does_not_go_with_it(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        ReferenceRecord.objects.filter(kind="tax rate", code="OUTPUT").update(
            data={"rate": "10", "applies_to": ["EXPENSE"]}
        )

    operator.post("map_charge", code="FRT", side="sales", account="201")
    page = operator.text("mapping_charges")

    assert "Not saved. Xero does not allow tax rate OUTPUT, which tax code GST becomes, on 201 account 201." in page
    assert page.count("which tax code GST becomes, on 200 account 200.") == 1


def test_line_that_became_bad_in_xero_is_flagged(tenant: Tenant, operator: Visitor, connected: XeroConnection) -> None:
    operator.post("mapping_lines", **LINE)
    with tenant_scope(tenant):
        ReferenceRecord.objects.filter(kind="account", code="201").update(is_active=False)

    assert "The ledger account 201 is archived in Xero" in charges(operator.text("mapping_lines"))


def test_line_is_removed_and_the_less_specific_counts_again(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    operator.post("mapping_lines", **LINE)

    operator.post("rule_remove", table="mapping line", side="sales", charge_code="FRT", cost_centre="SYD-WH1")

    with tenant_scope(tenant):
        assert [rule.account_code for rule in ChargeRule.objects.all()] == ["200"]
        assert [version.reason for version in RulesVersion.objects.order_by("number")][-1].endswith("removed")


def test_viewer_reads_the_lines_and_changes_nothing(tenant: Tenant, connected: XeroConnection) -> None:
    viewer = visitor(tenant, "viewer")

    assert viewer.post("mapping_lines", **LINE).status_code == 403
    with tenant_scope(tenant):
        assert ChargeRule.objects.count() == 1


def test_customers_country_decides_the_tax_and_the_page_says_so(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        TaxCodeFactory(code="FREE", rate=Decimal(0))
        abroad = CustomerFactory(country="New Zealand")
    operator.post("map_tax", code="FREE", side="sales", tax_type="EXEMPT")
    operator.post("mapping_countries", side="sales", place="abroad", charge_code="FRT", tax_code="FREE")
    (at_home,) = assessed(tenant)
    exported = assessed(tenant, bill_to=abroad)

    home_page = charges(operator.text("shipment", at_home.public_id))
    page = charges(operator.text("shipment", exported[0].public_id))
    sent(tenant, exported)

    line = queued_line(tenant)
    assert "GST: from charge code FRT" in home_page
    assert "FREE: rule for customers abroad, FRT" in page
    assert (line["tax_type"], line["tax_amount"]) == ("EXEMPT", "0.00")


def test_customers_own_tax_code_goes_before_the_country(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        free = TaxCodeFactory(code="FREE", rate=Decimal(0))
        TaxPlaceRule.objects.create(connection=connected, side="sales", place="home", tax_code="GST")
        diplomat = CustomerFactory(tax_code=free)
    operator.post("map_tax", code="FREE", side="sales", tax_type="EXEMPT")
    shipments = assessed(tenant, bill_to=diplomat)

    assert "FREE: from the customer" in charges(operator.text("shipment", shipments[0].public_id))
    sent(tenant, shipments)
    assert queued_line(tenant)["tax_type"] == "EXEMPT"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"place": "Mars"}, "is no country"),
        ({"tax_code": "NONE"}, "There is no tax code NONE."),
        ({"side": "purchases"}, "has no tax rate in Xero for purchases yet"),
    ],
)
def test_tax_rule_that_leads_nowhere_is_refused(
    tenant: Tenant, operator: Visitor, connected: XeroConnection, changes: dict[str, str], text: str
) -> None:
    row = {"side": "sales", "place": "abroad", "charge_code": "", "tax_code": "GST"}

    assert text in charges(operator.post("mapping_countries", **{**row, **changes}).content.decode())


def test_tracking_goes_with_each_line_by_the_most_telling_rule(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    operator.post("mapping_tracking", dimension="branch", value="SYD", pair="Branch: Sydney")
    operator.post("mapping_tracking", dimension="lane", value="ausyd-nzakl", pair="Branch: Perth")
    operator.post("mapping_tracking", dimension="mode", value="sea", pair="Mode: Ocean")
    sent(tenant, assessed(tenant, branch="SYD"))

    assert queued_line(tenant)["tracking"] == [
        {"category": "Branch", "option": "Perth"},
        {"category": "Mode", "option": "Ocean"},
    ]


def test_tracking_option_that_is_gone_stops_the_document_until_the_rule_is_mended(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    operator.post("mapping_tracking", dimension="any", value="", pair="Branch: Sydney")
    shipments = assessed(tenant)
    sent(tenant, shipments, state="attention", problem_code="FB-310", problems=[
        {"code": "FB-310", "subject": "Branch: Sydney", "words": {"category": "Branch", "option": "Sydney"}}
    ])  # fmt: skip
    with tenant_scope(tenant):
        ReferenceRecord.objects.filter(kind="tracking", name="Sydney").update(is_active=False)

    flagged = charges(operator.text("mapping_tracking"))
    operator.post("mapping_tracking", dimension="any", value="", pair="Branch: Perth")

    with tenant_scope(tenant):
        assert SyncJob.objects.get().state == "queued"
        assert TrackingRule.objects.get().option == "Perth"
    assert "Branch has no option Sydney in Xero." in flagged


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"dimension": "branch", "value": "", "pair": "Branch: Sydney"}, "Say which branch."),
        ({"dimension": "planet", "value": "X", "pair": "Branch: Sydney"}, "is none of"),
        ({"dimension": "branch", "value": "X", "pair": "Branch: Nowhere"}, "has no option Nowhere in Xero."),
        ({"dimension": "branch", "value": "X", "pair": "Planet: Mars"}, "There is no tracking category Planet"),
    ],
)
def test_tracking_rule_that_xero_would_refuse_is_explained(
    operator: Visitor, connected: XeroConnection, row: dict[str, str], text: str
) -> None:
    assert text in charges(operator.post("mapping_tracking", **row).content.decode())

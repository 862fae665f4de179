import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from freightbridge.access.models import Membership, User
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, ConnectionSettings, ReferenceRecord, RulesVersion, SyncJob, XeroConnection
from tests.freight_factories import ChargeCodeFactory
from tests.web.page_company import Visitor, assessed, company, sent, visitor
from tests.web.test_sending_rules_pages import RULES

HEAD = "rule,side,charge_code,cost_centre,account_code\n"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def account(connection: XeroConnection, code: str) -> None:
    data = {"class": "REVENUE", "type": "SALES", "system": ""}
    ReferenceRecord.objects.create(
        connection=connection, kind="account", key=code, code=code, name=f"account {code}", data=data
    )


def another_company(tenant: Tenant, other: Tenant) -> XeroConnection:
    """Of another organisation: one is connected to one company at a time."""
    with tenant_scope(tenant):
        XeroConnection.objects.update(organisation_id=uuid.uuid4())
    return company(other)


@pytest.fixture
def connected(tenant: Tenant) -> XeroConnection:
    found = company(tenant, unknown_customer="create")
    with tenant_scope(tenant):
        account(found, "201")
        ChargeCodeFactory()
    return found


def look_at(visitor: Visitor, content: str) -> str:
    file = SimpleUploadedFile("rules.csv", content.encode())
    return visitor.post("rules_file", file=file).content.decode()


def test_each_change_is_a_version_with_who_and_what(tenant: Tenant, admin: Visitor, connected: XeroConnection) -> None:
    admin.post("map_charge", code="FRT", side="sales", account="201")
    admin.post("sending_rules", **{**RULES, "target_status": "DRAFT", "unknown_customer": "create"})

    page = words(admin.text("rules_versions"))

    with tenant_scope(tenant):
        assert list(RulesVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
        assert RulesVersion.objects.get(number=2).by.endswith("@acme-freight.example")
    assert "Mapping line sales, FRT: account code 200 → 201." in page
    assert "Sending rule target_status: value AUTHORISED → DRAFT." in page


def test_change_that_changes_nothing_is_no_version(tenant: Tenant, admin: Visitor, connected: XeroConnection) -> None:
    admin.post("map_charge", code="FRT", side="sales", account="200")

    with tenant_scope(tenant):
        assert [version.reason for version in RulesVersion.objects.all()] == ["as the rules stood"]


def test_roll_back_is_itself_a_version_and_what_is_queued_stays_as_built(
    tenant: Tenant, admin: Visitor, connected: XeroConnection
) -> None:
    admin.post("map_charge", code="FRT", side="sales", account="201")
    admin.post("sending_rules", **{**RULES, "target_status": "DRAFT", "unknown_customer": "create"})
    sent(tenant, assessed(tenant), state="queued")

    preview = words(admin.text("rules_versions", back="1"))
    admin.post("rules_roll_back", number="1")

    with tenant_scope(tenant):
        job, newest = SyncJob.objects.get(), RulesVersion.objects.order_by("-number").first()
        assert ChargeRule.objects.get().account_code == "200"
        assert ConnectionSettings.objects.get().target_status == "AUTHORISED"
        assert (newest.number, newest.reason) == (4, "rolled back to version 1")
        assert (job.rules_version, job.mapped["lines"][0]["account_code"]) == (3, "201")
    assert "Mapping line sales, FRT: account code 201 → 200." in preview


def test_only_an_admin_rolls_back(tenant: Tenant, admin: Visitor, operator: Visitor, connected: XeroConnection) -> None:
    admin.post("map_charge", code="FRT", side="sales", account="201")

    assert operator.post("rules_roll_back", number="1").status_code == 403
    assert admin.post("rules_roll_back", number="77").status_code == 404
    with tenant_scope(tenant):
        assert ChargeRule.objects.get().account_code == "201"


def test_rules_are_copied_to_another_company_of_the_same_admin(
    tenant: Tenant, other_tenant: Tenant, admin: Visitor, connected: XeroConnection
) -> None:
    there = another_company(tenant, other_tenant)
    with tenant_scope(other_tenant):
        ChargeCodeFactory()
    admin.post("map_charge", code="FRT", side="sales", account="201")
    with tenant_scope(other_tenant):
        Membership.objects.create(user=User.objects.get(email="admin@acme-freight.example"), role="admin")

    preview = words(admin.text("rules_copy", to=other_tenant.slug))
    with tenant_scope(other_tenant):
        account(there, "201")
    admin.post("rules_copy", to=other_tenant.slug)

    with tenant_scope(other_tenant):
        assert ChargeRule.objects.get().account_code == "201"
        newest = RulesVersion.objects.order_by("-number").first()
    assert newest.reason == f"copied from {tenant.name}"
    assert "Mapping line sales, FRT: The ledger account 201 is archived in Xero or does not exist there." in preview


def test_rules_are_not_copied_to_a_company_where_one_is_no_admin(
    tenant: Tenant, other_tenant: Tenant, admin: Visitor, connected: XeroConnection
) -> None:
    another_company(tenant, other_tenant)

    assert admin.get("rules_copy", to=other_tenant.slug).status_code == 404
    assert admin.post("rules_copy", to=other_tenant.slug).status_code == 404
    assert "No other company" in admin.text("rules_copy")


def test_file_goes_out_and_comes_in_unchanged(tenant: Tenant, admin: Visitor, connected: XeroConnection) -> None:
    with tenant_scope(tenant):
        ChargeRule.objects.create(connection=connected, side="sales", cost_centre="=1+1", account_code="201")

    content = admin.get("rules_download").content.decode("utf-8-sig")

    assert "'=1+1" in content
    assert "Nothing would change" in look_at(admin, content)


def test_dry_run_tells_what_would_change_and_the_click_does_it(
    tenant: Tenant, admin: Visitor, connected: XeroConnection
) -> None:
    page = look_at(admin, f"{HEAD}mapping line,sales,FRT,,201\nmapping line,sales,,SYD,201\n")
    with tenant_scope(tenant):
        assert ChargeRule.objects.get().account_code == "200"
    admin.post("rules_import", file=re.search(r'name="file" value="(\w+)"', page)[1])

    with tenant_scope(tenant):
        rules = ChargeRule.objects.order_by("cost_centre").values_list("charge_code", "cost_centre", "account_code")
        assert list(rules) == [("FRT", "", "201"), ("", "SYD", "201")]
    assert "Mapping line sales, FRT: account code 200 → account code 201." in page
    assert "Mapping line sales, SYD is new: account code 201." in page


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (f"{HEAD}mapping line,sales,FRT,,999\n", "2 account code The ledger account 999 is archived in Xero"),
        (f"{HEAD}mapping line,sideways,FRT,,201\n", "2 side “sideways” is no side."),
        (f"{HEAD}recipe,sales,FRT,,201\n", "2 rule Write one of: mapping line"),
        (f"{HEAD}mapping line,sales,FRT,,201\nmapping line,sales,FRT,,200\n", "3 rule An earlier row says"),
        ("nonsense\n1\n", "There is no column nonsense."),
        ("", "There is no column “rule” in the first row."),
    ],
)
def test_faults_of_a_file_are_told_by_row_and_column_and_nothing_is_taken(
    tenant: Tenant, admin: Visitor, connected: XeroConnection, content: str, told: str
) -> None:
    page = look_at(admin, content or "\n")

    assert told in words(page)
    assert "Take these rules over" not in page


def test_import_names_a_file_that_was_looked_at(admin: Visitor, connected: XeroConnection) -> None:
    assert admin.post("rules_import", file="0" * 64).status_code == 404


def test_operator_sees_versions_and_a_viewer_changes_none(
    tenant: Tenant, admin: Visitor, operator: Visitor, connected: XeroConnection
) -> None:
    admin.post("map_charge", code="FRT", side="sales", account="201")

    assert "Mapping line sales, FRT" in words(operator.text("rules_versions"))
    assert visitor(tenant, "viewer").post("rules_roll_back", number="1").status_code == 403

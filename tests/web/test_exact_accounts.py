"""Charge codes → ledger accounts: who changed a row last, and all exact proposals accepted at once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, ReferenceRecord, RulesVersion, XeroConnection
from tests.freight_factories import ChargeCodeFactory
from tests.web.page_company import Visitor, visitor
from tests.web.test_mapping_pages import connected  # noqa: F401 the same company

QUERIES = 24
NAMED = {"HAN": " Account  201 ", "BUY": "account 300", "ODD": "account 999", "SYS": "account 800"}


@pytest.fixture
def named(tenant: Tenant, connected: XeroConnection) -> XeroConnection:  # noqa: F811
    with tenant_scope(tenant):
        for code, name in NAMED.items():
            ChargeCodeFactory(code=code, name=name)
    return connected


def targets(tenant: Tenant) -> list[tuple[str, str, str]]:
    with tenant_scope(tenant):
        return list(ChargeRule.objects.order_by("charge_code").values_list("charge_code", "side", "account_code"))


def changed(visitor: Visitor) -> dict[str, str]:
    """By charge code, without the moment."""
    page = visitor.text("mapping_charges")
    rows = re.findall(r"<td><strong>(\w+)</strong>.*?Last changed\">(.*?)</td>", page, re.DOTALL)
    return {code: re.sub(r"<time.*?</time>|<[^>]+>", "", cell) for code, cell in rows}


def test_exact_proposals_are_accepted_at_once_and_taken_back_in_one_step(
    tenant: Tenant, admin: Visitor, named: XeroConnection
) -> None:
    page = admin.text("mapping_charges")

    admin.post("map_exact_charges")
    told, accepted = admin.text("mapping_charges"), targets(tenant)
    with tenant_scope(tenant):
        numbers = list(RulesVersion.objects.order_by("number").values_list("number", flat=True))
    admin.post("rules_roll_back", number="1")

    assert "Accept all exact: 2" in page
    assert page.count("Called exactly alike in Xero: ") == 2
    assert accepted == [("BUY", "purchases", "300"), ("FRT", "sales", "200"), ("HAN", "sales", "201")]
    assert "2 accounts accepted; Versions of the rules leads back." in told
    assert "Accept all exact" not in told
    assert numbers == [1, 2]
    assert targets(tenant) == [("FRT", "sales", "200")]


def test_what_a_person_chose_and_a_name_that_two_accounts_have_are_left_alone(
    tenant: Tenant, operator: Visitor, named: XeroConnection
) -> None:
    operator.post("map_charge", code="HAN", side="sales", account="200")
    with tenant_scope(tenant):
        twin = named.reference_records.get(code="300")
        ReferenceRecord.objects.create(
            connection=named, kind=twin.kind, key="301", code="301", name="ACCOUNT 300", data=twin.data
        )

    operator.post("map_exact_charges")

    assert targets(tenant) == [("FRT", "sales", "200"), ("HAN", "sales", "200")]
    assert "Nothing was changed: no account is called exactly like" in operator.text("mapping_charges")


def test_row_tells_who_changed_it_last_by_whichever_way(
    tenant: Tenant, operator: Visitor, named: XeroConnection
) -> None:
    admin = visitor(tenant, "admin")
    operator.post("map_charge", code="HAN", side="sales", account="200")
    operator.post("map_charge", code="FRT", side="purchases", account="300")
    by_operator = changed(operator)
    admin.post("rules_roll_back", number="1")

    assert by_operator == {
        "FRT": "operator@acme-freight.example", "HAN": "operator@acme-freight.example", "BUY": "—", "ODD": "—",
        "SYS": "—",
    }  # fmt: skip
    assert changed(operator)["HAN"] == "admin@acme-freight.example"


def test_support_sees_the_button_with_its_reason_and_may_not_press_it(tenant: Tenant, named: XeroConnection) -> None:
    support = visitor(tenant, "support")

    page = support.text("mapping_charges")

    (button,) = re.findall(r"<button[^>]*>(?:(?!</button>).)*Accept all exact.*?</button>", page, re.DOTALL)
    assert "disabled" in button
    assert support.post("map_exact_charges").status_code == 403
    assert targets(tenant) == [("FRT", "sales", "200")]


@pytest.mark.parametrize("count", [0, 12])
def test_charge_mapping_takes_the_same_number_of_queries_for_any_number_of_rows_and_versions(
    tenant: Tenant, operator: Visitor, named: XeroConnection, count: int
) -> None:
    with tenant_scope(tenant):
        for number in range(count):
            ChargeCodeFactory(code=f"C{number}")
    for account in ["200", "201"] * (count // 4):
        operator.post("map_charge", code="HAN", side="sales", account=account)
    operator.text("mapping_charges")

    with CaptureQueriesContext(connection) as queries:
        operator.text("mapping_charges")

    assert len(queries) == QUERIES, "\n".join(query["sql"][:150] for query in queries)

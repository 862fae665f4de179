import re

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ReferenceRecord, SyncJob, XeroConnection
from tests.freight_factories import ChargeCodeFactory
from tests.web.page_company import Visitor, assessed, company, sent


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def connected(tenant: Tenant, items: str) -> XeroConnection:
    found = company(tenant, items=items, unknown_customer="create")
    with tenant_scope(tenant):
        ChargeCodeFactory()
        ChargeCodeFactory(code="THC", name="Terminal handling")
        ReferenceRecord.objects.create(connection=found, kind="item", key="i", code="THC", name="Terminal handling")
    return found


def test_items_show_the_default_account_and_tax_of_each_side(tenant: Tenant, operator: Visitor) -> None:
    connected(tenant, "create")

    page = words(operator.text("mapping_items"))

    assert "FRT Freight Missing would be created with these defaults 200 OUTPUT none" in page
    assert "THC Terminal handling There" in page


@pytest.mark.parametrize(("items", "is_asked"), [("create", True), ("match", False), ("none", False)])
def test_button_asks_for_the_missing_items_where_the_rules_say_so(
    tenant: Tenant, operator: Visitor, items: str, is_asked: bool
) -> None:
    connected(tenant, items)

    operator.post("items_create")

    with tenant_scope(tenant):
        assert WorkItem.objects.filter(kind="create items").exists() is is_asked
    assert ("The sending rules do not create items." in operator.text("mapping_items")) is not is_asked


@pytest.mark.parametrize(("items", "item"), [("none", ""), ("match", "FRT")])
def test_line_has_the_item_of_its_charge_code_where_rules_and_xero_have_it(
    tenant: Tenant, items: str, item: str
) -> None:
    found = connected(tenant, items)
    with tenant_scope(tenant):
        ReferenceRecord.objects.create(connection=found, kind="item", key="f", code="FRT", name="Freight")

    sent(tenant, assessed(tenant))

    with tenant_scope(tenant):
        assert SyncJob.objects.get().mapped["lines"][0]["item_code"] == item


def test_item_that_is_missing_is_no_hindrance_where_rules_only_match(tenant: Tenant) -> None:
    connected(tenant, "match")

    sent(tenant, assessed(tenant))

    with tenant_scope(tenant):
        assert SyncJob.objects.get().mapped["lines"][0]["item_code"] == ""

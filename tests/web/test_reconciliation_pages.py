"""The page on which both books stand side by side."""

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import COMPARE_LEDGERS
from integrations.models import LedgerBreak, SyncJob, XeroDocument
from tests.web.page_company import Visitor, assessed, company, differing_break, sent, visitor


@pytest.fixture
def found(tenant: Tenant) -> LedgerBreak:
    company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        XeroDocument.objects.update(total_in_xero="99.00")
        return differing_break()


@pytest.fixture
def operator(tenant: Tenant) -> Visitor:
    return visitor(tenant, "operator")


def test_page_shows_what_is_wrong_in_counts_sums_and_words(operator: Visitor, found: LedgerBreak) -> None:
    page = operator.text("reconciliation")

    assert "Sales invoices in AUD" in page
    assert "Differs" in page
    assert f"Sales invoice {found.number} is not the same in Xero: total" in page
    assert "Send ours again" in page
    assert "Take away in Xero" not in page


def test_company_without_xero_is_led_to_the_connection(operator: Visitor) -> None:
    assert "Not connected to Xero" in operator.text("reconciliation")


def test_break_is_settled_with_a_reason_and_stays_listed(operator: Visitor, found: LedgerBreak) -> None:
    operator.post("settle_break", found.public_id, reason="agreed by phone")

    assert "No breaks are open" in operator.text("reconciliation")
    assert "Settled by hand: agreed by phone" in operator.text("reconciliation", show="settled")


def test_break_is_not_settled_without_a_reason(operator: Visitor, tenant: Tenant, found: LedgerBreak) -> None:
    operator.post("settle_break", found.public_id, reason="  ")

    with tenant_scope(tenant):
        assert LedgerBreak.objects.get().closed_at is None
    assert "say in a few words why" in operator.text("reconciliation")


def test_our_figures_go_out_again(operator: Visitor, tenant: Tenant, found: LedgerBreak) -> None:
    operator.post("restore_figures", found.public_id)

    with tenant_scope(tenant):
        assert list(SyncJob.objects.order_by("id").values_list("operation", "state"))[1:] == [("update", "queued")]


def test_only_a_second_document_can_be_taken_away(operator: Visitor, tenant: Tenant, found: LedgerBreak) -> None:
    operator.post("remove_second", found.public_id)

    assert "Only a second document" in operator.text("reconciliation")
    with tenant_scope(tenant):
        assert SyncJob.objects.count() == 1


def test_what_is_settled_cannot_be_mended_once_more(operator: Visitor, found: LedgerBreak) -> None:
    operator.post("settle_break", found.public_id, reason="agreed by phone")
    operator.post("restore_figures", found.public_id)

    assert "It is settled already." in operator.text("reconciliation")


def test_comparison_is_asked_for_at_once(operator: Visitor, tenant: Tenant, found: LedgerBreak) -> None:
    operator.post("compare_now")

    with tenant_scope(tenant):
        assert WorkItem.objects.filter(kind=COMPARE_LEDGERS).exists()
    assert "Being compared" in operator.text("reconciliation")

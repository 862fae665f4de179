"""What Xero lists is kept as it last told it; what it no longer lists stays, inactive. Real HTTP."""

from datetime import date, timedelta
from typing import Any

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import OrganisationLane, ReferenceRecord, XeroConnection
from integrations.reference_data.refresh_from_xero import _zone, refresh_reference_data
from tests.sending import Calls, log_of
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]


def refresh(tenant: Tenant) -> Again | None:
    with tenant_scope(tenant):
        connection_id = XeroConnection.objects.get().pk
    return refresh_reference_data(Work(tenant_id=tenant.pk, subject_id=connection_id))


def record(tenant: Tenant, kind: str, code: str) -> tuple[str, bool]:
    with tenant_scope(tenant):
        found = ReferenceRecord.objects.get(kind=kind, code=code)
        return found.name, found.is_active


def test_organisation_is_kept(tenant: Tenant, xero: SandboxProcess) -> None:
    connection = connect(tenant, xero)

    assert (connection.name, connection.short_code, connection.country, connection.base_currency) == (
        "Harbour & Hinterland Freight (AU)", "!hHf4A", "AU", "AUD",
    )  # fmt: skip
    assert (connection.time_zone, connection.period_lock_date) == ("Australia/Sydney", date(2024, 6, 30))
    assert connection.reference_data_at is not None


def test_every_list_is_kept_with_what_the_mapping_needs(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)

    with tenant_scope(tenant):
        kinds = set(ReferenceRecord.objects.values_list("kind", flat=True))
        rate = ReferenceRecord.objects.get(kind="tax rate", code="OUTPUT").data
        system = ReferenceRecord.objects.get(kind="account", code="610").data
    assert kinds == {"account", "tax rate", "tracking", "currency", "branding theme", "item", "contact"}
    assert record(tenant, "account", "318") == ("Overseas Agents' Commission (old)", False)
    assert record(tenant, "tax rate", "TAX001") == ("Old fuel levy", False)
    assert record(tenant, "contact", "KIMB06") == ("Kimberley Pearls (closed)", False)
    assert (float(rate["rate"]), sorted(rate["applies_to"])) == (10, ["ASSET", "EQUITY", "LIABILITY", "REVENUE"])
    assert (system["class"], system["system"]) == ("ASSET", "DEBTORS")


def test_what_changed_in_xero_is_changed_here(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.act("archive_account", account="200")
    xero.act("drop_currency", currency="NZD")
    xero.act("set_lock_date", lock="end_of_year", date="2025-06-30")
    xero.act("rename_contact", contact="Coral Coast Imports", name="Coral Coast Traders")

    again = refresh(tenant)

    with tenant_scope(tenant):
        assert XeroConnection.objects.get().year_lock_date == date(2025, 6, 30)
    assert record(tenant, "account", "200") == ("Sales", False)
    assert record(tenant, "currency", "NZD")[1] is False
    assert record(tenant, "currency", "USD")[1] is True
    assert record(tenant, "contact", "CORAL02") == ("Coral Coast Traders", True)
    assert again is not None
    assert timedelta(hours=11) < again.at - read_clock() <= timedelta(hours=12)


def test_same_lists_twice_add_nothing(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        before = list(ReferenceRecord.objects.order_by("id").values_list("id", "key", "is_active"))

    refresh(tenant)

    with tenant_scope(tenant):
        assert list(ReferenceRecord.objects.order_by("id").values_list("id", "key", "is_active")) == before


def test_contacts_are_asked_for_by_what_changed(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    calls = Calls(xero)

    refresh(tenant)

    (call,) = calls.entries(path="Contacts")
    assert "if-modified-since" in call["headers"]
    assert call["query"]["includearchived"] == "true"


def test_shipments_are_assessed_anew_afterwards(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind="assess shipments").delete()

    refresh(tenant)

    with tenant_scope(tenant):
        assert WorkItem.objects.filter(kind="assess shipments").count() == 1
    assert log_of(tenant, event="refreshed")[-1][1].startswith("Read from Xero: 60 ledger accounts, 12 tax rates,")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"fault": "error", "status": 503}, "TaxRates could not be read (Xero answered 503)"),
        ({"fault": "lost_answer"}, "TaxRates could not be read (the connection broke off before the answer had come)"),
        ({"fault": "truncated"}, "TaxRates came in a form that cannot be read"),
        ({"fault": "html"}, "TaxRates came in a form that cannot be read"),
        ({"fault": "throttled", "retry_after": 9}, "TaxRates could not be read (Xero answered 429)"),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else "",
)
def test_failed_refresh_changes_nothing_but_says_so(
    tenant: Tenant, xero: SandboxProcess, fault: dict[str, Any], reason: str
) -> None:
    connect(tenant, xero)
    xero.act("archive_account", account="200")
    xero.fault(**fault, path="/TaxRates", times=1)

    again = refresh(tenant)

    with tenant_scope(tenant):
        connection = XeroConnection.objects.get()
        OrganisationLane.objects.update(paused_until=None, minute_left=60)
    assert again is not None
    assert connection.reference_data_error.startswith(reason)
    assert record(tenant, "account", "200") == ("Sales", True)
    assert refresh(tenant) is not None
    with tenant_scope(tenant):
        assert XeroConnection.objects.get().reference_data_error == ""


def test_refresh_of_a_lost_connection_waits_for_a_person(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        XeroConnection.objects.update(status="needs reconnect")
    calls = Calls(xero)

    assert refresh(tenant) is None
    assert calls.made() == []


def test_value_that_the_sdk_cannot_read_is_no_trouble(tenant: Tenant, xero: SandboxProcess) -> None:
    xero.fault("odd_tax_number", path="/Contacts")

    connect(tenant, xero)

    assert record(tenant, "contact", "CORAL02") == ("Coral Coast Imports", True)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("NEWZEALANDSTANDARDTIME", "Pacific/Auckland"),
        ("AUSEASTERNSTANDARDTIME", "Australia/Sydney"),
        ("GMTSTANDARDTIME", "Europe/London"),
        ("PACIFICSTANDARDTIME", "America/Los_Angeles"),
        ("UTC", "Etc/UTC"),
        ("MARSSTANDARDTIME", "UTC"),
        ("", "UTC"),
    ],
)
def test_time_zone_is_known_by_xeros_name(name: str, zone: str) -> None:
    assert _zone(name) == zone

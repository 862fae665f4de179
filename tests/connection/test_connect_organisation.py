from datetime import timedelta

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.notices.next_morning import next_morning
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connect_organisation import OrganisationRefusedError, connect_organisation, keep_grant
from integrations.models import AccountingLogEntry, ConnectionSettings, OrganisationLane, XeroConnection, XeroGrant
from integrations.models.xero_connection import ConnectionStatus
from integrations.xero_gateway.identity_api import ConnectedOrganisation, TokenSet
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
AU = ConnectedOrganisation(
    connection_id="11111111-1111-4111-8111-111111111111", organisation_id="a02a6b2f-8fac-5c67-9e32-28a2e710f5a6",
    name="Harbour & Hinterland",
)  # fmt: skip
NZ = ConnectedOrganisation(
    connection_id="22222222-2222-4222-8222-222222222222", organisation_id="b02a6b2f-8fac-5c67-9e32-28a2e710f5a6",
    name="Southern Cross",
)  # fmt: skip
TOKENS = TokenSet(
    access_token="a", refresh_token="r", expires_in=1800, scopes=("openid",),
    xero_user_id="33333333-3333-4333-8333-333333333333", authentication_event_id="e",
)  # fmt: skip


def connect(organisation: ConnectedOrganisation = AU, *, later: timedelta = timedelta(0)) -> XeroConnection:
    now = NOW + later
    return connect_organisation(organisation, grant=keep_grant(TOKENS, now=now), by="mia@example.com", now=now)


def test_consent_becomes_a_connection_that_works(in_tenant: Tenant) -> None:
    connection = connect()

    grant, lane = XeroGrant.objects.get(), OrganisationLane.objects.get()
    assert (connection.status, connection.name, connection.connected_by) == (
        "connected",
        "Harbour & Hinterland",
        "mia@example.com",
    )
    assert (connection.grant, str(connection.xero_connection_id)) == (grant, AU.connection_id)
    assert (grant.access_token, grant.refresh_token, grant.expires_at) == ("a", "r", NOW + timedelta(minutes=30))
    assert len(connection.identity_key) > 40
    assert (lane.connection, lane.next_at) == (connection, NOW)
    work = dict(WorkItem.objects.values_list("kind", "next_at"))
    at_once = {kind for kind, at in work.items() if at == NOW}
    assert at_once == {
        "refresh reference data", "check payments", "compare ledgers", "import from xero", "check numbers",
    }  # fmt: skip
    assert work["daily digest"] == next_morning(NOW, in_tenant.zone)
    assert NOW + timedelta(hours=18) <= work["look in at xero"] <= NOW + timedelta(days=1)
    assert NOW + timedelta(days=5) < work["keep grant alive"] <= NOW + timedelta(days=7)
    assert AccountingLogEntry.objects.get().text == "Connected to Harbour & Hinterland."
    assert AuditEvent.objects.get().action == "xero connected"


def test_rules_of_a_new_connection_are_as_harmless_as_can_be(in_tenant: Tenant) -> None:
    connect()

    rules = ConnectionSettings.objects.get()
    assert (rules.unknown_customer, rules.default_sales_account, rules.document) == ("hold", "", "invoice")


def test_reconnecting_keeps_rules_mark_and_what_was_sent(in_tenant: Tenant) -> None:
    first = connect()
    ConnectionSettings.objects.update(target_status="DRAFT")
    XeroConnection.objects.update(
        status=ConnectionStatus.DISCONNECTED, grant=None, disconnected_at=NOW, lost_at=NOW, lost_reason="x"
    )
    OrganisationLane.objects.update(paused_until=NOW, pause_reason="x", outage_count=4)

    second = connect(later=timedelta(days=9))

    lane = OrganisationLane.objects.get()
    assert (second.pk, second.identity_key, second.disconnected_at) == (first.pk, first.identity_key, None)
    assert (second.lost_at, second.lost_reason) == (None, "")
    assert ConnectionSettings.objects.get().target_status == "DRAFT"
    assert (lane.paused_until, lane.pause_reason, lane.outage_count) == (None, "", 0)


def test_second_consent_of_the_same_person_replaces_the_tokens(in_tenant: Tenant) -> None:
    keep_grant(TOKENS, now=NOW)

    grant = keep_grant(TokenSet(**{**_fields(TOKENS), "access_token": "b"}), now=NOW)

    assert XeroGrant.objects.get() == grant
    assert (XeroGrant.objects.get().access_token, XeroGrant.objects.get().version) == ("b", 2)


@pytest.mark.parametrize("status", [ConnectionStatus.CONNECTED, ConnectionStatus.NEEDS_RECONNECT])
def test_second_organisation_joins_and_the_first_stays_the_default(in_tenant: Tenant, status: str) -> None:
    connect(AU)
    XeroConnection.objects.update(status=status)

    connect(NZ)

    assert list(XeroConnection.objects.order_by("id").values_list("is_default", flat=True)) == [True, False]


def test_other_organisation_may_follow_a_disconnected_one(in_tenant: Tenant) -> None:
    connect(AU)
    XeroConnection.objects.update(status=ConnectionStatus.DISCONNECTED)

    second = connect(NZ)

    assert (second.status, second.is_default) == ("connected", True)


def test_organisation_of_another_company_is_refused_without_naming_it(tenant: Tenant, other_tenant: Tenant) -> None:
    """Two companies must not write into one set of books."""
    with tenant_scope(other_tenant):
        connect()

    with tenant_scope(tenant), pytest.raises(OrganisationRefusedError) as refused:
        connect()

    assert str(refused.value).startswith(
        "Harbour & Hinterland is connected to another company on FreightBridge already."
    )
    assert other_tenant.name not in str(refused.value)
    with tenant_scope(tenant):
        assert XeroConnection.objects.count() == 0


def test_organisation_that_another_company_disconnected_is_free(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(other_tenant):
        connect()
        XeroConnection.objects.update(status=ConnectionStatus.DISCONNECTED)

    with tenant_scope(tenant):
        assert connect().status == "connected"


def _fields(tokens: TokenSet) -> dict[str, object]:
    return {name: getattr(tokens, name) for name in TokenSet.__dataclass_fields__}

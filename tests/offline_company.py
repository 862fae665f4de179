"""A company whose Xero is known from its reference data alone: for tests that call nothing."""

from typing import Any
from uuid import uuid4

from integrations.lanes.new_lane import make_lane
from integrations.models import ChargeRule, ConnectionSettings, ReferenceRecord, TaxRule, XeroConnection
from tests.conftest import NOW
from tests.freight_factories import BillingEntityFactory

LISTED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("account", "200", {"class": "REVENUE", "type": "REVENUE", "system": "", "tax_type": ""}),
    ("tax rate", "OUTPUT", {"rate": "10", "applies_to": ["REVENUE"]}),
    ("currency", "AUD", {}),
    ("currency", "NZD", {}),
)


def offline_company(**settings: Any) -> XeroConnection:
    """In the tenant's scope. Freight and GST are mapped, unknown customers are created; `settings` change the rules."""
    BillingEntityFactory()
    connection = XeroConnection(
        organisation_id=uuid4(), name="Harbour & Hinterland", base_currency="AUD", country="AU",
        time_zone="Australia/Sydney", connected_at=NOW, reference_data_at=NOW,
    )  # fmt: skip
    connection.identity_key = "secret"
    connection.save()
    make_lane(connection, now=NOW)
    ConnectionSettings.objects.create(connection=connection, **{"unknown_customer": "create", **settings})
    ReferenceRecord.objects.bulk_create(
        ReferenceRecord(connection=connection, kind=kind, key=code, code=code, name=f"{kind} {code}", data=data)
        for kind, code, data in LISTED
    )
    ChargeRule.objects.create(connection=connection, side="sales", charge_code="FRT", account_code="200")
    TaxRule.objects.create(connection=connection, side="sales", tax_code="GST", tax_type="OUTPUT")
    return connection

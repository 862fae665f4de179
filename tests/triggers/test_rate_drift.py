import pytest

from freightbridge.tenancy.models import Tenant
from tests.web.page_company import Visitor, assessed, company, sent


@pytest.mark.parametrize(("rate", "warns"), [("1.08", False), ("1.13", False), ("0.108", True), ("1.15", True)])
def test_rate_far_from_the_last_one_is_warned_of_before_it_is_sent(
    tenant: Tenant, operator: Visitor, rate: str, *, warns: bool
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, currency="NZD", exchange_rate="1.08"))
    (shipment,) = assessed(tenant, currency="NZD", exchange_rate=rate)

    page = operator.post("send_dialog", shipment=str(shipment.public_id)).content.decode()

    sentence = "1 shipment has a NZD rate more than 5 % away from 1.08, the one of INV-00001."
    assert ("Send 1" in page, sentence in page) == (True, warns)


def test_first_rate_of_a_currency_has_nothing_to_be_held_against(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant, currency="NZD", exchange_rate="1.08")

    page = operator.post("send_dialog", shipment=str(shipment.public_id)).content.decode()

    assert "away from" not in page

"""Moments in the sentences of a log, by the clock of the company that reads them."""

from datetime import UTC, datetime

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.tenants_clock import tell_moment

EVENING = datetime(2026, 11, 23, 20, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Australia/Sydney", "24 Nov 2026 07:05:30 AEDT"),
        ("America/New_York", "23 Nov 2026 15:05:30 EST"),
        ("UTC", "23 Nov 2026 20:05:30 UTC"),
    ],
)
def test_moment_is_told_by_the_clock_of_the_company(zone: str, told: str) -> None:
    assert tell_moment(EVENING, Tenant(time_zone=zone)) == told

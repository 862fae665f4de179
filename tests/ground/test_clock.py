from datetime import UTC

import pytest

from freightbridge.clock import read_clock

pytestmark = pytest.mark.django_db


def test_clock_is_aware_in_utc_and_goes_on_inside_a_transaction() -> None:
    """PostgreSQL's now() would stand still for the whole transaction."""
    first, second = read_clock(), read_clock()

    assert first.tzinfo is UTC
    assert first < second

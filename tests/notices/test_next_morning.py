from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from freightbridge.notices.next_morning import next_morning

SYDNEY, BERLIN = ZoneInfo("Australia/Sydney"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        # 20:30 in Sydney.
        ("2026-03-02T09:30", SYDNEY, "2026-03-02T20:00"),
        # Seven to the second: the next one.
        ("2026-03-02T20:00", SYDNEY, "2026-03-03T20:00"),
        ("2026-03-02T05:00", BERLIN, "2026-03-02T06:00"),
        # The clocks go forward in the night, and back.
        ("2026-03-28T12:00", BERLIN, "2026-03-29T05:00"),
        ("2026-10-24T12:00", BERLIN, "2026-10-25T06:00"),
    ],
)
def test_it_is_seven_there(now: str, zone: ZoneInfo, expected: str) -> None:
    found = next_morning(datetime.fromisoformat(now).replace(tzinfo=UTC), zone)

    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)

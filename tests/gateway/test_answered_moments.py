from datetime import UTC, date, datetime

import pytest

from integrations.xero_gateway.answered_moments import date_of, moment_of


@pytest.mark.parametrize(
    ("wire", "moment"),
    [
        ("/Date(1539993600000+0000)/", datetime(2018, 10, 20, tzinfo=UTC)),
        ("/Date(1539993600000)/", datetime(2018, 10, 20, tzinfo=UTC)),
        ("/Date(1539993600123+1300)/", datetime(2018, 10, 20, 0, 0, 0, 123000, tzinfo=UTC)),
        ("/Date(-86400000+0000)/", datetime(1969, 12, 31, tzinfo=UTC)),
        ("2018-10-20", None),
        ("", None),
        (None, None),
    ],
)
def test_moment_is_read(wire: str | None, moment: datetime | None) -> None:
    assert moment_of(wire) == moment


def test_date_is_the_calendar_day() -> None:
    assert date_of("/Date(1539993600000+0000)/") == date(2018, 10, 20)
    assert date_of(None) is None

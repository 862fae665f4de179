from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.webhooks.event_message import Event, read_message
from tests.webhooks.xero_messages import ORGANISATION, event, message

EVENT = Event(
    organisation_id=ORGANISATION, resource_id=UUID(int=1), event_type="UPDATE", category="INVOICE",
    happened_at=datetime(2026, 3, 2, 9, 30, 0, 123000, tzinfo=UTC),
)  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_event_is_read() -> None:
    assert read_message(message(event())) == [EVENT]


@pytest.mark.parametrize("category", ["INVOICE", "CREDITNOTE", "CONTACT", "PREPAYMENT", "OVERPAYMENT"])
def test_categories_that_concern_us_are_kept(category: str) -> None:
    (read,) = read_message(message(event(eventCategory=category, data={"Type": "ACCRECCREDIT", "Status": "PAID"})))

    assert read.category == category


@pytest.mark.parametrize("moment", ["2026-03-02T09:30:00.123Z", "2026-03-02T10:30:00.123+01:00"])
def test_moment_is_in_utc(moment: str) -> None:
    assert read_message(message(event(eventDateUtc=moment))) == [EVENT]


def test_repetitions_count_once_and_order_does_not_matter() -> None:
    one, other = event(1), event(2)

    assert read_message(message(other, one, other)) == read_message(message(one, other))
    assert len(read_message(message(one, other))) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"eventCategory": "SUBSCRIPTION", "tenantType": "APPLICATION"},
        {"eventCategory": "BRAND_NEW"},
        {"eventType": ""},
        {"eventType": "update"},
        {"eventType": "X" * 21},
        {"eventType": None},
        {"resourceId": "not-an-id"},
        {"resourceId": None},
        {"tenantId": 7},
        {"eventDateUtc": "yesterday"},
        {"eventDateUtc": None},
        {"eventDateUtc": "0001-01-01T00:00:00+14:00"},
    ],
    ids=str,
)
def test_what_cannot_be_used_is_left_out_and_the_rest_is_kept(changes: dict[str, Any]) -> None:
    assert read_message(message(event(2, **changes), event())) == [EVENT]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b"{}", b'{"events": null}', b"\xff"])
def test_message_without_events_has_none(body: bytes) -> None:
    assert read_message(body) == []


@given(element=json_values)
def test_no_element_breaks_the_reading(element: Any) -> None:
    assert read_message(message(element)) == []

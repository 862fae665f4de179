"""What Xero gets to hear: 200 or 401, nothing else, at once, and nothing is told twice."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg2
import pytest
import requests
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.models import WebhookEvent
from integrations.webhooks.event_message import Event, read_message
from integrations.webhooks.receive_event import MOST_BYTES
from tests.addresses import app_url
from tests.conftest import NOW
from tests.webhooks.waiting import wait_until
from tests.webhooks.xero_messages import ADDRESS, KEY, event, message, post, signed


@pytest.fixture(autouse=True)
def _keys(settings: Any) -> None:
    settings.XERO_WEBHOOK_KEYS = [KEY, "the next key"]


@pytest.mark.django_db
def test_signed_message_is_kept_and_answered_with_nothing_else() -> None:
    response = post(message(event(1), event(2)))

    assert (response.status_code, response.content) == (200, b"")
    assert (list(response.cookies), response.get("Vary", "")) == ([], "")
    assert sorted(str(one.resource_id)[-1] for one in WebhookEvent.objects.all()) == ["1", "2"]


@pytest.mark.django_db
def test_message_signed_with_the_next_key_is_kept() -> None:
    body = message(event())

    assert post(body, signed(body, "the next key")).status_code == 200
    assert WebhookEvent.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("signature", ["", "nonsense", signed(message(event()), "wrong"), signed(message(event(2)))])
def test_what_is_not_signed_is_refused_with_nothing_else(signature: str) -> None:
    response = post(message(event()), signature)

    assert (response.status_code, response.content, list(response.cookies)) == (401, b"", [])
    assert not WebhookEvent.objects.exists()


@pytest.mark.django_db
def test_nothing_is_accepted_while_there_is_no_key(settings: Any) -> None:
    settings.XERO_WEBHOOK_KEYS = []
    body = message(event())

    assert post(body, signed(body, "")).status_code == 401


@pytest.mark.django_db
def test_body_of_more_than_a_megabyte_is_not_read() -> None:
    body = message(event()) + b" " * MOST_BYTES

    assert (post(body).status_code, post(message(event()) + b" " * 1000).status_code) == (401, 200)


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b'{"events":[]}', b"not json", message({"tenantId": "x"})])
def test_signed_message_without_anything_for_us_is_fine(body: bytes) -> None:
    """Xero would repeat what is refused, and give up on us in the end."""
    assert post(body).status_code == 200
    assert not WebhookEvent.objects.exists()


@pytest.mark.django_db
def test_only_post_is_answered() -> None:
    response = Client().get(ADDRESS)

    assert (response.status_code, response.content) == (405, b"")


@pytest.mark.django_db
def test_replays_and_other_orders_add_nothing() -> None:
    first, second = event(1), event(2)
    for body in (message(first, second), message(second, first), message(second), message(first, first)):
        post(body)

    assert WebhookEvent.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"tenantId": "00000000-0000-0000-0000-000000000002"},
        {"resourceId": "00000000-0000-0000-0000-000000000002"},
        {"eventType": "CREATE"},
        {"eventDateUtc": "2026-03-02T09:30:00.124"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_event_is_kept_beside(changes: dict[str, str]) -> None:
    post(message(event()))
    post(message(event(**changes)))

    assert WebhookEvent.objects.count() == 2


@pytest.mark.django_db
def test_nothing_of_a_message_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    body = message(event(resourceId="deadbeef-0000-0000-0000-000000000001"))
    with caplog.at_level(logging.DEBUG):
        post(body)
        post(body, signed(body, "wrong"))

    told = " ".join(str(record.__dict__) for record in caplog.records)
    assert "webhook kept" in told
    assert "webhook refused" in told
    assert [part for part in ("deadbeef", "S0m3", signed(body), signed(body, "wrong"), KEY) if part in told] == []


@pytest.mark.django_db
def test_message_costs_the_clock_and_one_insert() -> None:
    many = message(*(event(number) for number in range(1, 51)))
    with CaptureQueriesContext(connection) as queries:
        post(many)

    kinds = [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert kinds == ["SELECT", "INSERT"]


@pytest.mark.django_db(transaction=True)
def test_messages_with_the_same_events_in_other_orders_never_wait_for_each_other(live_server: Any) -> None:
    """Of two that come at once the second waits for the first; in its own order it would hold what that one needs."""
    first, second = read_message(message(event(1), event(2)))
    with ThreadPoolExecutor(1) as sender, closing(psycopg2.connect(app_url())) as other, other.cursor() as cursor:
        insert(cursor, first)
        answer = sender.submit(send, f"{live_server.url}{ADDRESS}", message(event(2), event(1)))
        wait_until(is_anybody_waiting)
        insert(cursor, second)
        other.commit()

        assert answer.result() == 200
    assert WebhookEvent.objects.count() == 2


def insert(cursor: Any, one: Event) -> None:
    cursor.execute(
        "INSERT INTO integrations_webhookevent "
        "(organisation_id, resource_id, category, event_type, happened_at, received_at) VALUES (%s, %s, %s, %s, %s, %s)"
        "ON CONFLICT DO NOTHING",
        [str(one.organisation_id), str(one.resource_id), one.category, one.event_type, one.happened_at, NOW],
    )


def is_anybody_waiting() -> bool:
    """Asked outside every transaction: inside one, PostgreSQL answers the same each time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


def send(url: str, body: bytes) -> int:
    headers = {"x-xero-signature": signed(body), "Content-Type": "application/json"}
    return requests.post(url, body, headers=headers, timeout=30).status_code

import json
from typing import Any

import pytest
from django.test import Client

from freightbridge.encryption import key_ring
from freightbridge.local_servers.places import free_port

pytestmark = pytest.mark.django_db


def ready(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, json.loads(answer.content)


def test_process_that_answers_is_alive(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


def test_process_that_has_all_it_needs_is_ready(client: Client) -> None:
    assert ready(client) == (200, {"database": "ok", "key ring": "ok", "redis": "ok"})


def test_process_without_keys_is_not_ready(client: Client, settings: Any) -> None:
    settings.FB_KEYRING = []
    key_ring.cache_clear()

    status, checks = ready(client)

    key_ring.cache_clear()
    assert (status, checks["key ring"]) == (503, "FB_KEYRING is empty: it takes kid:base64 of 32 random bytes.")


def test_redis_is_told_of_and_not_waited_for(client: Client, settings: Any) -> None:
    """Without it everything still gets done."""
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    status, checks = ready(client)

    assert (status, checks["redis"]) == (200, "ConnectionError")


def test_load_balancer_is_answered_whatever_name_it_uses(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200

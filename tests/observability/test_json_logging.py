"""What reaches the log store: one JSON object a line, with the id, without secrets."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from freightbridge.observability.correlation import correlated
from freightbridge.observability.json_logging import logging_configuration

CANARY = "C4n4ry-S3cr3t-V4lu3"
CALLED = f"called with Bearer {CANARY}"


@pytest.fixture
def lines() -> Iterator[Any]:
    """Reads what was logged, as JSON."""
    formatter = logging_configuration(is_readable=False)["formatters"]["structured"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        formatter["()"](foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"])
    )
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


def test_line_carries_the_id_and_what_was_said(lines: Any) -> None:
    with correlated("FB-TEST-1234", tenant=7):
        structlog.get_logger("freightbridge.test").warning("lane lost", lane=3)

    (line,) = lines()
    assert {name: line[name] for name in ("event", "lane", "tenant", "correlation_id", "level", "logger")} == {
        "event": "lane lost", "lane": 3, "tenant": 7, "correlation_id": "FB-TEST-1234", "level": "warning",
        "logger": "freightbridge.test",
    }  # fmt: skip
    assert line["timestamp"].endswith("Z")


def test_secrets_are_hidden_wherever_they_stand(lines: Any) -> None:
    log = structlog.get_logger("freightbridge.test")
    log.warning(CALLED, refresh_token=CANARY, headers={"Cookie": CANARY})
    logging.getLogger("urllib3").warning("GET /callback?code=%s", CANARY)
    logging.getLogger("some.library").warning("failed", extra={"password": CANARY})

    assert len(lines()) == 3
    assert CANARY not in json.dumps(lines())


def test_exception_is_told_without_its_secrets(lines: Any) -> None:
    try:
        int(f"refresh_token={CANARY}")
    except ValueError:
        structlog.get_logger("freightbridge.test").exception("refresh failed")
        logging.getLogger("some.library").exception("refresh failed")

    assert len(lines()) == 2
    assert CANARY not in json.dumps(lines())
    assert all("refresh_token=[hidden]" in line["exception"] for line in lines())


def test_line_break_in_a_message_starts_no_new_line(lines: Any) -> None:
    structlog.get_logger("freightbridge.test").warning('one\n{"event": "forged"}')

    assert [line["event"] for line in lines()] == ['one\n{"event": "forged"}']

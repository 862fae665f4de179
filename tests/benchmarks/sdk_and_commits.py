"""
What no bridge that uses the SDK and writes down before it sends can do without: the SDK builds the very bodies, each
call has a row for its intent and its outcome, committed before and after, those of files for fifty together, and its
answer is read. Nothing of ours is between.
"""

import json
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from itertools import groupby
from typing import Any

Request = tuple[str, str, dict[str, str], bytes]
TABLE = "bare_intent"
MAKE = f"""
    DROP TABLE IF EXISTS {TABLE};
    CREATE TABLE {TABLE} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text, body bytea, answer text);
    GRANT ALL ON {TABLE} TO PUBLIC
"""
INTENT = f"INSERT INTO {TABLE} (key, body) VALUES (%s, %s) RETURNING id"  # noqa: S608 a constant
OUTCOME = f"UPDATE {TABLE} SET answer = %s WHERE id = %s"  # noqa: S608


def seconds_of_sdk_and_commits(port: int, requests: Sequence[Request], documents: Sequence[Any]) -> float:
    """`documents`: those of the requests, mapped, in their order. As in the bridge a file is not kept again."""
    from django.db import connection, connections, transaction  # noqa: PLC0415 Django first

    from integrations.xero_gateway.sdk import send  # noqa: PLC0415

    with connections["owner"].cursor() as cursor:
        cursor.execute(MAKE)
    calls = list(zip(requests, _builders(requests, documents), strict=True))
    began = time.perf_counter()
    for _, some in groupby(calls, key=lambda call: call[1]):
        bodies = [(request, build() if build else request[-1]) for request, build in some]
        with transaction.atomic(), connection.cursor() as cursor:
            ids = [_intend(cursor, request, body) for request, body in bodies]
        answers = [
            send(method, f"http://127.0.0.1:{port}{path}", headers=headers, body=body)
            for (method, path, headers, _), body in bodies
        ]
        assert all(answer.status == HTTPStatus.OK and answer.json() for answer in answers)
        with transaction.atomic(), connection.cursor() as cursor:
            for pk, answer in zip(ids, answers, strict=True):
                cursor.execute(OUTCOME, [answer.body.decode(), pk])
    return time.perf_counter() - began


def _intend(cursor: Any, request: Request, body: bytes) -> int:
    _, _, headers, _ = request
    cursor.execute(INTENT, [headers["Idempotency-Key"], b"" if _is_file(headers) else body])
    (pk,) = cursor.fetchone()
    return int(pk)


def _is_file(headers: dict[str, str]) -> bool:
    return headers["Content-Type"] != "application/json"


def _builders(requests: Sequence[Request], documents: Sequence[Any]) -> list[Callable[[], bytes] | None]:
    """How the SDK makes each body; None for a file. What they make is what was sent, to the byte."""
    left, builders = list(documents), list[Callable[[], bytes] | None]()
    for method, _, headers, body in requests:
        builders.append(None if _is_file(headers) else _builder(method, json.loads(body)["Invoices"], left))
    assert all(build is None or build() == sent for build, (*_, sent) in zip(builders, requests, strict=True))
    return builders


def _builder(method: str, invoices: Sequence[dict[str, Any]], left: list[Any]) -> Callable[[], bytes]:
    """It takes its documents off `left`."""
    from integrations.mapping.source import DocumentKind  # noqa: PLC0415 Django first
    from integrations.xero_gateway.sdk import freeze_documents, freeze_statuses  # noqa: PLC0415

    if method == "POST":
        ids, status = [one["InvoiceID"] for one in invoices], invoices[0]["Status"]
        return lambda: freeze_statuses(DocumentKind.SALES_INVOICE, xero_ids=ids, status=status)
    these, contacts = left[: len(invoices)], [one["Contact"]["ContactID"] for one in invoices]
    del left[: len(invoices)]
    return lambda: freeze_documents(these, contact_ids=contacts)

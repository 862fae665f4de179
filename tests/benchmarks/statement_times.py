"""How long PostgreSQL was waited for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def statement_seconds() -> Iterator[list[float]]:
    """Of each statement that goes over Django's connection meanwhile; begins and commits are none."""
    from django.db import connection  # noqa: PLC0415 Django first

    took: list[float] = []

    def taking_time(execute: Any, *asked: Any) -> Any:
        began = time.perf_counter()
        answer = execute(*asked)
        took.append(time.perf_counter() - began)
        return answer

    with connection.execute_wrapper(taking_time):
        yield took

"""One id from a person's click to Xero's answer: in every log line, audit event, work item, sync job and attempt."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

KNOWN_FORM = re.compile(r"[A-Za-z0-9._-]{8,40}")


def correlation_id() -> str:
    """The id of what is going on, empty where nothing has one."""
    return str(structlog.contextvars.get_contextvars().get("correlation_id", ""))


def new_correlation_id() -> str:
    """Short enough to be read over the telephone: FB-, then 12 letters and digits."""
    return f"FB-{secrets.token_hex(6).upper()}"


def accept_or_make(offered: str) -> str:
    """A proxy's id is kept where it looks like one; anything else would let a caller write into our logs."""
    return offered if KNOWN_FORM.fullmatch(offered) else new_correlation_id()


@contextmanager
def correlated(identifier: str, **more: object) -> Iterator[None]:
    """Everything logged inside carries this id and what else is given."""
    with structlog.contextvars.bound_contextvars(correlation_id=identifier or new_correlation_id(), **more):
        yield

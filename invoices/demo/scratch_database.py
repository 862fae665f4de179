"""A database that a run of the demo has for itself, and leaves no trace of."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from django.conf import settings

from freightbridge.database_roles import drop_database, make_database


@contextmanager
def scratch_database() -> Iterator[dict[str, str]]:
    """The environment by which processes use it: DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL."""
    name = f"freightbridge_scratch_{secrets.token_hex(4)}"
    owner_url = _url("owner", name)
    make_database(owner_url=owner_url)
    try:
        yield {"DATABASE_URL": _url("default", name), "DATABASE_OWNER_URL": owner_url, "REDIS_URL": settings.REDIS_URL}
    finally:
        drop_database(owner_url=owner_url)


def _url(alias: str, name: str) -> str:
    database = settings.DATABASES[alias]
    password = f":{quote(str(database['PASSWORD']), safe='')}" if database["PASSWORD"] else ""
    place = f"{database['USER']}{password}@{database['HOST']}:{database['PORT'] or 5432}"
    return urlsplit(f"postgresql://{place}/{name}").geturl()

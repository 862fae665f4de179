"""Addresses of what the tests run against, as other processes need them."""

from urllib.parse import quote

from django.db import connections


def database_url(alias: str) -> str:
    """The database of this test process, as the role behind the alias."""
    place = connections[alias].settings_dict
    password = f":{quote(place['PASSWORD'], safe='')}" if place["PASSWORD"] else ""
    return f"postgresql://{place['USER']}{password}@{place['HOST']}:{place['PORT'] or 5432}/{place['NAME']}"


def owner_url() -> str:
    return database_url("owner")


def app_url() -> str:
    return database_url("default")

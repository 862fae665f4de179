"""DATABASE_URL and DATABASE_OWNER_URL as Django wants them."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from freightbridge.environment import EnvironmentVariableError


def read_database_url(url: str) -> dict[str, Any]:
    """
    `postgresql://user:password@host:port/name?sslmode=require` as the keys of Django's DATABASES; what stands in
    the query goes to the driver as it is.

    Raises EnvironmentVariableError where the URL names no PostgreSQL database; the message keeps the password out.
    """
    parts = urlsplit(url)
    try:
        port = str(parts.port or "")
    except ValueError:
        port = None
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or port is None:
        shown = f"{parts.scheme}://…{parts.path}"
        raise EnvironmentVariableError(
            f"{shown} is no database URL; it takes postgresql://user:password@host:port/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": port,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }

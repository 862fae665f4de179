"""Every environment variable that FreightBridge reads, and the readers that fail loudly on a wrong value."""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from dotenv import load_dotenv

CHECKOUT = Path(__file__).resolve().parent.parent
load_dotenv(CHECKOUT / ".env")


class EnvironmentVariableError(Exception):
    """A variable is missing or holds something that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """`default` None: required, unless the code that reads it has a way of its own."""

    about: str
    default: str | None


VARIABLES: dict[str, Variable] = {
    "DATABASE_URL": Variable("PostgreSQL as the app role; unset: one is started under .local/", ""),
    "DATABASE_OWNER_URL": Variable("the same database as the role that owns the tables", ""),
    "REDIS_URL": Variable("any server that speaks Redis' protocol; unset: one is started", ""),
    "SECRET_KEY": Variable("signs sessions; unset on localhost: one is made under .local/", ""),
    "FB_KEYRING": Variable("kid:base64 of 32 bytes, the active key first, commas between", ""),
    "XERO_CLIENT_ID": Variable("the app's client id in Xero's developer portal", "sandbox-client"),
    "XERO_CLIENT_SECRET": Variable("the app's secret there", "sandbox-secret"),
    "XERO_WEBHOOK_KEY": Variable("signs Xero's webhooks; two keys with a comma while one is replaced", ""),
    "XERO_LOGIN_BASE_URL": Variable("origin of Xero's consent page", "https://login.xero.com"),
    "XERO_IDENTITY_BASE_URL": Variable("origin of Xero's token endpoint", "https://identity.xero.com"),
    "XERO_API_BASE_URL": Variable("origin of Xero's API", "https://api.xero.com"),
    "XERO_WEB_BASE_URL": Variable("origin of Xero's own pages, for links", "https://go.xero.com"),
    "REPLAY_SANDBOX_URL": Variable(
        "origin of the Xero sandbox in which support replays calls", "http://127.0.0.1:8900"
    ),
    "PUBLIC_BASE_URL": Variable("where people reach FreightBridge", "http://localhost:8000"),
    "EMAIL_URL": Variable("smtp://user:password@host:port?from=sender, or console:", "console:"),
    "SENTRY_DSN": Variable("the error tracker; unset: none", ""),
    "DEBUG": Variable("1 shows tracebacks in the browser; never in production", "0"),
    "EVENTS_TO_PRIVATE_ADDRESSES": Variable(
        "1 sends events to our own network, over plain HTTP too; demo and tests", "0"
    ),
    "DELIVERY_TIME_SCALE": Variable("divides every waiting time of the delivery; campaigns use 60", "1"),
}


def text(name: str) -> str:
    """The variable's value or its default; an empty value counts as unset."""
    variable = VARIABLES[name]
    value = os.environ.get(name, "").strip() or variable.default
    if value is None:
        raise EnvironmentVariableError(f"{name} is not set: {variable.about}.")
    return value


def flag(name: str) -> bool:
    value = text(name).lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise EnvironmentVariableError(f"{name} is {value!r}; it takes 1 or 0.")
    return value in {"1", "true", "yes"}


def positive_number(name: str) -> float:
    value = text(name)
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise EnvironmentVariableError(f"{name} is {value!r}; it takes a number above 0.")
    return number


def origin(name: str) -> str:
    """A scheme and a host, with a port if need be: no path, no slash at the end."""
    value = text(name)
    parts = urlsplit(value)
    is_whole = value == f"{parts.scheme}://{parts.netloc}" and "@" not in value
    if parts.scheme not in {"http", "https"} or not parts.hostname or not is_whole or not _has_usable_port(parts):
        raise EnvironmentVariableError(f"{name} is {value!r}; it takes an origin such as https://example.com.")
    return value


def _has_usable_port(parts: SplitResult) -> bool:
    try:
        _ = parts.port
    except ValueError:
        return False
    return True


def words(name: str) -> list[str]:
    """The values between commas, without empty ones."""
    return [word.strip() for word in text(name).split(",") if word.strip()]

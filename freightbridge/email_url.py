"""EMAIL_URL as Django wants it."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from freightbridge.environment import EnvironmentVariableError

SUBMISSION_PORT = 587


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailConfiguration:
    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    uses_tls: bool = False
    # Empty: the address names none.
    sender: str = ""


def read_email_url(url: str) -> EmailConfiguration:
    """`smtp://user:password@host:port?from=sender` with TLS, or `console:`. Raises EnvironmentVariableError."""
    parts = urlsplit(url)
    try:
        port = parts.port or SUBMISSION_PORT
    except ValueError:
        port = 0
    if parts.scheme == "console":
        return EmailConfiguration(backend="django.core.mail.backends.console.EmailBackend")
    if parts.scheme != "smtp" or not parts.hostname or not port:
        raise EnvironmentVariableError("EMAIL_URL takes smtp://user:password@host:port?from=sender, or console:.")
    return EmailConfiguration(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        uses_tls=True,
        sender=parse_qs(parts.query).get("from", [""])[0],
    )

"""Takes secrets out of what is logged or shown, whatever way they came in."""

import re
from typing import Any

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(
    r"authorization|cookie|password|secret|token|api_?key|signature|keyring|refresh|credential|x-xero-signature",
    re.IGNORECASE,
)
SECRET_FORMS = re.compile(
    r"(?P<scheme>\b(?:Bearer|Basic)\s+|(?i:\bauthorization)[\"']?\s*[:=]\s*[\"']?\w+\s+)[A-Za-z0-9._~+/=-]{8,}"
    r"|\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*"
    r"|\bfb[iks]_[A-Za-z0-9_-]{8,}"
    # The address that sets a new password.
    r"|(?<=/password/reset/key/)[^/\s\"']+"
    # In an address, in JSON, in the words of an exception.
    r"|(?P<name>\b(?:refresh_token|access_token|id_token|client_secret|password)[\"']?\s*[=:]\s*[\"']?)[^&\s\"']+"
    r"|(?P<code>\bcode=)[^&\s\"']+"
)
# In small letters: a text with none of them has none of the forms, and to look for these takes a thirtieth of the time.
# An answer of Xero's with fifty documents is half a megabyte, and hardly one has any.
MARKS = (
    "bearer", "basic", "authorization", "eyj", "fbi_", "fbk_", "fbs_", "password", "refresh_token", "access_token",
    "id_token", "client_secret", "code=",
)  # fmt: skip
PASSWORD_OF_ADDRESS = re.compile(r"(://[^:/@\s]*:)[^@\s]+(?=@)")


def redact(value: Any) -> Any:
    """The same shape without secrets: by the name they stand under, and by their form inside text."""
    if isinstance(value, dict):
        return {key: _redact_named(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [redact(inner) for inner in value]
    if isinstance(value, bytes):
        return f"[{len(value)} bytes]"
    return redact_text(value) if isinstance(value, str) else value


def redact_text(text: str) -> str:
    text = PASSWORD_OF_ADDRESS.sub(rf"\1{HIDDEN}", text)
    small = text.lower()
    return SECRET_FORMS.sub(_keep_what_is_no_secret, text) if any(mark in small for mark in MARKS) else text


def _redact_named(name: str, value: Any) -> Any:
    """A number or a flag is no secret, whatever its name."""
    is_secret = SECRET_NAMES.search(name) and isinstance(value, str | bytes | dict | list | tuple)
    return HIDDEN if is_secret else redact(value)


def _keep_what_is_no_secret(match: re.Match[str]) -> str:
    kept = match["scheme"] or match["name"] or match["code"] or ""
    return kept + HIDDEN

"""Whether a message is Xero's: developer.xero.com/documentation/guides/webhooks/configuring-your-server. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def is_signed(body: bytes, signature: str, *, keys: Iterable[str]) -> bool:
    """
    Base64 of the HMAC-SHA256 over the body's own bytes, with any of the keys: there are two while one is replaced.

    How long it takes tells nothing of how much was right. Without a key nothing is.
    """
    told = signature.encode("latin-1", "replace")
    matches = [hmac.compare_digest(_sign(body, key), told) for key in keys]
    return any(matches)


def _sign(body: bytes, key: str) -> bytes:
    return base64.b64encode(hmac.digest(key.encode(), body, hashlib.sha256))

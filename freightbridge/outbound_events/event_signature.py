"""The signature by which a receiver knows that an event is ours and is not an old one played again. Pure."""

import hashlib
import hmac

HEADER = "FreightBridge-Signature"


def event_signature(body: bytes, *, secret: str, seconds: int) -> str:
    """`t=<seconds since 1970>,v1=<hex of HMAC-SHA256 over "t.body">`."""
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"

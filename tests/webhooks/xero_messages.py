"""Messages as Xero sends them, made by hand: the form of xero-webhooks.yaml."""

import base64
import hashlib
import hmac
import json
from typing import Any
from uuid import UUID

from django.test import Client

KEY = "webhook-key"
ADDRESS = "/xero/webhooks/"
ORGANISATION = UUID(int=1)


def event(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Of a resource of its own by `number`."""
    resource = UUID(int=number)
    return {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/Invoices/{resource}",
        "resourceId": str(resource),
        "tenantId": str(ORGANISATION),
        "tenantType": "ORGANISATION",
        "eventCategory": "INVOICE",
        "eventType": "UPDATE",
        "eventDateUtc": "2026-03-02T09:30:00.123",
    } | changes


def message(*events: Any) -> bytes:
    body = {"events": list(events), "firstEventSequence": 1, "lastEventSequence": len(events), "entropy": "S0m3"}
    return json.dumps(body).encode()


def signed(body: bytes, key: str = KEY) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def post(body: bytes, signature: str | None = None) -> Any:
    """Rightly signed unless `signature` says otherwise."""
    headers = {"x-xero-signature": signed(body) if signature is None else signature}
    return Client().post(ADDRESS, body, content_type="application/json; charset=utf-8", headers=headers)

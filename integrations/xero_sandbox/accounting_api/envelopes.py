"""The wrapping of every successful answer.

Shape: recorded answers of a live demo company; xero_accounting.yaml shows the same.
"""

from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.rendered_lists import as_bytes
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.wire_dates import without_offset

Json = dict[str, Any]
JSON_WITH_CHARSET = "application/json; charset=utf-8"
PLAIN_JSON = "application/json"


def enveloped(
    call: ApiCall,
    key: str,
    elements: list[Json] | list[bytes],
    *,
    pagination: Json | None = None,
    is_quote: bool = False,
) -> Answer:
    """Elements may come as JSON already written. Quotes echo SummarizeErrors and name no charset."""
    head: Json = {"SummarizeErrors": call.summarises_errors} if is_quote else {}
    head |= {
        "Id": str(uuid4()),
        "Status": "OK",
        "ProviderName": call.app.name,
        "DateTimeUTC": without_offset(call.now),
    }
    if pagination is not None:
        head["pagination"] = pagination
    written = b",".join(part if isinstance(part, bytes) else as_bytes(part) for part in elements)
    body = b"".join((as_bytes(head)[:-1], b',"', key.encode(), b'":[', written, b"]}"))
    content_type = PLAIN_JSON if is_quote else JSON_WITH_CHARSET
    return Answer(status=200, headers=(("Content-Type", content_type),), body=body)

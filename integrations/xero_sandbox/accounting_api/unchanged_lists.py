"""What a list says when nothing changed since If-Modified-Since: 304, or an empty list. Sources disagree."""

from collections.abc import Callable

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.wire.http_messages import Answer


def unless_unchanged(call: ApiCall, count: int, make: Callable[[], Answer]) -> Answer:
    asked = "if-modified-since" in call.request.headers
    if asked and count == 0 and call.switches.nothing_changed == "304":
        return Answer(status=304)
    return make()

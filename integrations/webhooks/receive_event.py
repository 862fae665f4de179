"""Where Xero tells that something changed: verified, kept, answered at once. Nothing of a message is logged."""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from prometheus_client import Histogram

from freightbridge.access.permission_checks import public
from freightbridge.clock import read_clock
from integrations.models import WebhookEvent
from integrations.webhooks.event_message import read_message
from integrations.webhooks.signature import is_signed

# Xero's messages are a few kilobytes; the body of a stranger is not read further.
MOST_BYTES = 1_000_000
OK, REFUSED = 200, 401
ack_seconds = Histogram("webhook_ack_seconds", "How long Xero waited for the answer to a webhook")
log = structlog.get_logger(__name__)


@public
@csrf_exempt
@require_POST
@ack_seconds.time()
def receive_event(request: HttpRequest) -> HttpResponse:
    """
    200 to what Xero signed and 401 to all else, both empty and without a cookie; so the intent to receive, which is
    such messages without events, needs no case of its own.

    Source: developer.xero.com/documentation/guides/webhooks/configuring-your-server: within five seconds. So nobody is
    nudged, which takes long while Redis is away: workers look by themselves every few seconds.
    """
    if not _is_from_xero(request):
        log.warning("webhook refused")
        return _answer(REFUSED)
    events = read_message(request.body)
    if events:
        now = read_clock()
        WebhookEvent.objects.bulk_create(
            (
                WebhookEvent(
                    organisation_id=event.organisation_id,
                    resource_id=event.resource_id,
                    category=event.category,
                    event_type=event.event_type,
                    happened_at=event.happened_at,
                    received_at=now,
                )
                for event in events
            ),
            ignore_conflicts=True,
        )
    log.info("webhook kept", events=len(events))
    return _answer(OK)


def _is_from_xero(request: HttpRequest) -> bool:
    """A body without a length is not read at all, and so is not signed."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return False
    return is_signed(request.body, request.headers.get("x-xero-signature", ""), keys=settings.XERO_WEBHOOK_KEYS)


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain")

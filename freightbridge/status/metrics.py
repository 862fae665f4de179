"""What Prometheus reads, with a staff member's session; it holds no tenant's data."""

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from freightbridge.access.permission_checks import staff_only


@staff_only
def metrics(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)

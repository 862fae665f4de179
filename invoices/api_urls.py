"""The API's addresses, out of what its endpoints declare."""

from collections import defaultdict

from django.urls import path, re_path

from freightbridge.rest.answer_call import api_view, no_such_endpoint
from freightbridge.rest.endpoints import Endpoint
from invoices.api.all_endpoints import GROUPS
from invoices.api.documentation_pages import openapi

by_path: dict[str, list[Endpoint]] = defaultdict(list)
for group in GROUPS:
    for endpoint in group.endpoints:
        by_path[endpoint.path].append(endpoint)

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    *(path(route, api_view(endpoints), name=f"api_{endpoints[0].name}") for route, endpoints in by_path.items()),
    re_path(r"^(?P<rest>.*)$", no_such_endpoint, name="no_such_endpoint"),
]

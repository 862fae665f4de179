"""Settings → API requests: what other systems sent last, and what came of it."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.rest.models import KeptReply
from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address

SHOWN = 20
# By the first part of an answer's Location: what it is called, the page that shows it (a charge code has none of its
# own), the field that names it.
MADE = {
    "shipments": ("Shipment", "shipment", "number"),
    "customers": ("Customer", "customer", "code"),
    "charge-codes": ("Charge code", "", "code"),
    "uploads": ("Upload", "upload", "number"),
    "sends": ("Send", "send_batch", "number"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRow:
    """`method`, `path` and `caller` are empty of a request from before they were kept; `address` where no page is."""

    at: datetime
    caller: str
    method: str
    path: str
    status: int
    made: str
    address: str


@requires(Permission.VIEW_SETTINGS)
def api_intake(request: TenantRequest) -> HttpResponse:
    replies = KeptReply.objects.order_by("-replied_at", "-id")[:SHOWN]
    rows = [_row(reply, request.tenant) for reply in replies]
    return render(request, "rest/api_intake.html", {"rows": rows, "most": SHOWN})


def _row(reply: KeptReply, tenant: Tenant) -> IntakeRow:
    made, address = _made(reply, tenant)
    return IntakeRow(
        at=reply.replied_at, caller=reply.caller, method=reply.method, path=reply.path, status=reply.status,
        made=made, address=address,
    )  # fmt: skip


def _made(reply: KeptReply, tenant: Tenant) -> tuple[str, str]:
    """In words, and its page; both empty where nothing was made."""
    kind, _, subject = reply.location.rpartition("/api/v1/")[2].partition("/")
    if kind not in MADE:
        return "", ""
    noun, page, field = MADE[kind]
    name = json.loads(bytes(reply.body)).get(field, "")
    return f"{noun} {name}".strip(), page_address(tenant, page, subject) if page else ""

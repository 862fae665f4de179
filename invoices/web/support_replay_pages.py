"""Support sends a call once more, to the sandbox: what it says stands beside what Xero said."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from freightbridge.access.permission_checks import staff_only
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from integrations.models import SyncAttempt
from integrations.sandbox_replay.replay_call import NoReplayError, replay_call
from invoices.web.support_reason import reason_in


@staff_only
def support_replay(request: HttpRequest, company: str, attempt_id: UUID) -> HttpResponse:
    """Asked by GET, done by POST; nothing of the call is shown before a reason is given."""
    tenant = get_object_or_404(Tenant, slug=company)
    context: dict[str, Any] = {"company": tenant}
    if request.method != "POST":
        return render(request, "support/replay.html", context)
    given = reason_in(request)
    context |= {"reason": given.text, "complaint": given.complaint}
    if not given.complaint:
        context |= _replayed(request, tenant, attempt_id, reason=given.text)
    return render(request, "support/replay.html", context)


def _replayed(request: HttpRequest, tenant: Tenant, attempt_id: UUID, *, reason: str) -> dict[str, Any]:
    try:
        told = replay_call(tenant, attempt_id, reason=reason, by=request.user.email, now=read_clock())  # type: ignore[union-attr]
    except SyncAttempt.DoesNotExist as error:
        raise Http404 from error
    except NoReplayError as error:
        return {"complaint": str(error)}
    return {
        "told": told,
        "unanswered": sum(not one.is_answered for one in told),
        "differing": sum(one.is_answered and not one.is_same for one in told),
    }

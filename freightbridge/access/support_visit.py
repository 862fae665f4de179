"""
A visit of support: somebody of the installation's staff walks through one company's pages and changes nothing.

It stands in his session and ends by itself. The company's own activity says who looked, until when, and why.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from freightbridge.access.models import Membership, User
from freightbridge.access.roles import VISITING
from freightbridge.audit.record_event import record_event
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope

KEPT_IN = "support_visit"
LENGTH = timedelta(minutes=30)
BEGAN, ENDED = "support began a visit", "support ended its visit"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
REFUSAL = (
    "You are visiting {company} as support, and a visit changes nothing. Ask somebody who works there to do it, or end "
    "the visit in the bar above."
)
# No row has it: whatever is kept for a member is kept for nobody.
NO_ROW = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportVisit:
    """`company`: the tenant's name. `who`: the visitor's e-mail."""

    tenant_id: int
    slug: str
    company: str
    who: str
    reason: str
    until_at: datetime

    @property
    def until_text(self) -> str:
        """In the time zone of the page, which it names."""
        return f"{timezone.localtime(self.until_at):%H:%M %Z}"

    @property
    def refusal(self) -> str:
        return REFUSAL.format(company=self.company)


def visit_of(request: HttpRequest) -> SupportVisit | None:
    """Over or not. None for whoever is not, or no longer, of the staff."""
    session = getattr(request, "session", None)
    kept: dict[str, Any] | None = session.get(KEPT_IN) if session is not None else None
    if kept is None or not getattr(request.user, "is_staff", False):
        return None
    return SupportVisit(**{**kept, "until_at": datetime.fromisoformat(kept["until_at"])})


def running_visit(request: HttpRequest) -> SupportVisit | None:
    visit = visit_of(request)
    return visit if visit is not None and visit.until_at > read_clock() else None


def refuse_on_visit(request: HttpRequest) -> None:
    """For what writes into a company by an address that does not name it. Raises PermissionDenied."""
    visit = running_visit(request)
    if visit is not None:
        raise PermissionDenied(visit.refusal)


def begin_visit(request: HttpRequest, tenant: Tenant, *, reason: str, now: datetime) -> SupportVisit:
    """In the place of any other. Opens the tenant's scope for its activity."""
    user: User = request.user  # type: ignore[assignment]
    visit = SupportVisit(
        tenant_id=tenant.pk, slug=tenant.slug, company=tenant.name, who=user.email, reason=reason, until_at=now + LENGTH
    )
    end_visit(request, now=now)
    with tenant_scope(tenant):
        member = visiting_member(tenant, user)
        record_event(
            action=BEGAN, subject=member, by=user.email, now=now, reason=reason, until=visit.until_at.isoformat()
        )
    request.session[KEPT_IN] = {**asdict(visit), "until_at": visit.until_at.isoformat()}
    return visit


def end_visit(request: HttpRequest, *, now: datetime) -> SupportVisit | None:
    """Before its time, the company's activity says so too. None: there was no visit."""
    visit = visit_of(request)
    request.session.pop(KEPT_IN, None)
    if visit is None or visit.until_at <= now:
        return visit
    tenant = Tenant.objects.filter(pk=visit.tenant_id).first()
    if tenant is not None:
        with tenant_scope(tenant):
            member = visiting_member(tenant, request.user)  # type: ignore[arg-type]
            record_event(action=ENDED, subject=member, by=visit.who, now=now, reason=visit.reason)
    return visit


def visiting_member(tenant: Tenant, user: User) -> Membership:
    """What the pages take him for; never saved."""
    return Membership(pk=NO_ROW, tenant=tenant, user=user, role=VISITING.name)

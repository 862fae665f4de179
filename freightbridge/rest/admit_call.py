"""Who calls: the key in the header, whether it still counts, what it may, and how often it calls."""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.db.models import Case, F, PositiveIntegerField, Q, Value, When
from django.http import HttpRequest

from freightbridge.access.api_keys import find_key
from freightbridge.access.api_scopes import Scope
from freightbridge.access.models import ApiKey
from freightbridge.clock import read_clock
from freightbridge.rest.problem_details import RefusedCallError
from freightbridge.tenancy.scope import tenant_scope

WINDOW = timedelta(minutes=1)
CALLS_IN_WINDOW = 300
SCHEME = "Bearer "
# One sentence for every key that does not count: nobody learns which part of a guess was right.
NO_KEY = "This needs a valid API key: Authorization: Bearer fbk_…"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="FreightBridge"'}


def admit_call(request: HttpRequest, scope: Scope) -> tuple[ApiKey, datetime]:
    """The key and the moment. Outside any scope. Raises RefusedCallError."""
    offered = request.headers.get("Authorization", "")
    key = find_key(offered.removeprefix(SCHEME)) if offered.startswith(SCHEME) else None
    now = read_clock()
    if key is None or key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        raise RefusedCallError(HTTPStatus.UNAUTHORIZED, NO_KEY, headers=CHALLENGE)
    _count(key, now)
    if scope not in key.scopes:
        detail = f"The key “{key.name}” has not the scope {scope}; an admin makes one that has."
        raise RefusedCallError(HTTPStatus.FORBIDDEN, detail)
    return key, now


def _count(key: ApiKey, now: datetime) -> None:
    """One statement and a transaction of its own: a call that is refused counts too. Raises RefusedCallError."""
    is_over = Q(window_began_at=None) | Q(window_began_at__lte=now - WINDOW)
    with tenant_scope(key.tenant_id):
        ApiKey.objects.filter(pk=key.pk).update(
            last_used_at=now,
            window_count=Case(When(is_over, then=Value(1)), default=F("window_count") + 1, output_field=COUNT),
            window_began_at=Case(When(is_over, then=Value(now)), default=F("window_began_at")),
        )
        counted = ApiKey.objects.get(pk=key.pk)
    if counted.window_count > CALLS_IN_WINDOW and counted.window_began_at is not None:
        seconds = max(1, round((counted.window_began_at + WINDOW - now).total_seconds()))
        detail = f"More than {CALLS_IN_WINDOW} calls in a minute. Go on in {seconds} s."
        raise RefusedCallError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})


COUNT = PositiveIntegerField()

"""For load balancers and watchers: whether the process is alive, and whether it can do its work."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from freightbridge.encryption import KeyRingError, key_ring

READY, NOT_READY = 200, 503


class HealthMiddleware:
    """Stands first: a load balancer calls us by our address, over plain HTTP, and must be answered all the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path)
        return answer() if answer else self._get_response(request)


def healthz() -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


def readyz() -> HttpResponse:
    """Redis is only told of, since without it everything still gets done: the sweepers see to that."""
    checks = {"database": _database(), "key ring": _key_ring()}
    is_ready = all(result == "ok" for result in checks.values())
    return JsonResponse({**checks, "redis": _redis()}, status=READY if is_ready else NOT_READY)


def _database() -> str:
    try:
        executor = MigrationExecutor(connections["default"])
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return type(error).__name__
    return f"{len(missing)} migrations are not applied" if missing else "ok"


def _key_ring() -> str:
    try:
        key_ring()
    except KeyRingError as error:
        return str(error)
    return "ok"


def _redis() -> str:
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping()
    except redis.RedisError as error:
        return type(error).__name__
    return "ok"


ANSWERS: dict[str, Callable[[], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}

"""Does something in a company's scope and then fails, so that PostgreSQL takes it back."""

from collections.abc import Callable
from contextlib import suppress

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope


class TakenBackError(Exception):
    pass


def roll_back(tenant: Tenant, action: Callable[[], object]) -> None:
    with suppress(TakenBackError), tenant_scope(tenant):
        action()
        raise TakenBackError

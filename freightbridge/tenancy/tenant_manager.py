"""Managers that refuse to answer outside a scope."""

from typing import TypeVar

from django.db import models

from freightbridge.tenancy.scope import current_tenant_id, require_directory_scope

Model = TypeVar("Model", bound=models.Model)


class TenantManager(models.Manager[Model]):
    """Rows of the tenant in scope. Row-level security says the same; this says it with a clear error."""

    def get_queryset(self) -> models.QuerySet[Model]:
        return super().get_queryset().filter(tenant_id=current_tenant_id())


class DirectoryManager(models.Manager[Model]):
    """Rows of every tenant, inside `directory_scope` only."""

    def get_queryset(self) -> models.QuerySet[Model]:
        require_directory_scope()
        return super().get_queryset()

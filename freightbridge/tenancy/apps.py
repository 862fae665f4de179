from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    name = "freightbridge.tenancy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from freightbridge.tenancy import app_role, index_lookups  # noqa: PLC0415 models must be loaded first

        index_lookups.register_lookups()
        connection_created.connect(app_role.refuse_a_mighty_role)
        post_migrate.connect(_grant, sender=self)


def _grant(*, using: str, **_signal: Any) -> None:
    from freightbridge.tenancy import app_role  # noqa: PLC0415 likewise

    app_role.grant_to_app(using=using)

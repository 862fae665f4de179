from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Everything about Xero."""

    name = "integrations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from integrations.accounting_work import register_accounting_work  # noqa: PLC0415 models must be loaded first
        from integrations.outbox import beat_heart  # noqa: F401, PLC0415 connects itself to Celery's signals

        register_accounting_work()

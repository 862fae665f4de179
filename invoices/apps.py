from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    """The freight business."""

    name = "invoices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from invoices.freight_work import register_freight_work  # noqa: PLC0415 models must be loaded first

        register_freight_work()

from django.apps import AppConfig


class BackgroundWorkConfig(AppConfig):
    name = "freightbridge.background_work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from freightbridge.background_work import sweeper  # noqa: F401, PLC0415 connects itself to Celery's signals

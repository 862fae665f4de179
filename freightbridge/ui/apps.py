from django.apps import AppConfig


class UiConfig(AppConfig):
    """Template tags and formats."""

    name = "freightbridge.ui"

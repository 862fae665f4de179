from django.apps import AppConfig


class FreightbridgeConfig(AppConfig):
    """Commands and static files of the ground."""

    name = "freightbridge"

from django.apps import AppConfig


class StoredFilesConfig(AppConfig):
    name = "freightbridge.stored_files"
    default_auto_field = "django.db.models.BigAutoField"

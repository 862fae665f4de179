"""Celery: it only wakes workers. What is to be done stands in PostgreSQL, so Redis may be emptied at any moment."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "freightbridge.settings")

app = Celery("freightbridge")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

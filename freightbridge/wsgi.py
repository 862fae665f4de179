import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "freightbridge.settings")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 once there are settings

from freightbridge.settle_memory import settle_memory  # noqa: E402 likewise

# All pages are loaded now, and not while the first person waits.
get_resolver().url_patterns  # noqa: B018
settle_memory()

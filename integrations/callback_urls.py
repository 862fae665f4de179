"""Addresses that Xero leads people to: it knows neither companies nor their slugs."""

from django.urls import path

from integrations.connection.xero_hosts import CALLBACK_PATH
from integrations.web.consent_pages import xero_callback
from integrations.web.document_link_page import document_link

urlpatterns = [
    path(CALLBACK_PATH.removeprefix("/"), xero_callback, name="xero_callback"),
    path("d/<slug:identity>", document_link, name="document_link"),
]

"""Addresses that Xero leads people to, and where it calls itself: it knows neither companies nor their slugs."""

from django.urls import path

from integrations.connection.xero_hosts import CALLBACK_PATH
from integrations.web.consent_pages import xero_callback
from integrations.web.document_link_page import document_link
from integrations.webhooks.receive_event import receive_event

urlpatterns = [
    path(CALLBACK_PATH.removeprefix("/"), xero_callback, name="xero_callback"),
    path("xero/webhooks/", receive_event, name="xero_webhooks"),
    path("d/<slug:identity>", document_link, name="document_link"),
]

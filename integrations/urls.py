from django.urls import path

from integrations.web import (
    accounting_log_pages,
    batch_pages,
    connection_pages,
    consent_pages,
    sending_rules_pages,
)

urlpatterns = [
    path("sends/", batch_pages.send_batches, name="send_batches"),
    path("sends/<int:number>/", batch_pages.send_batch, name="send_batch"),
    path("logs/", accounting_log_pages.accounting_logs, name="accounting_logs"),
    path("logs/calls/<uuid:public_id>/", accounting_log_pages.attempt, name="attempt"),
    path("settings/xero/", connection_pages.xero_connection, name="xero_connection"),
    path("settings/xero/connect/", consent_pages.connect, name="xero_connect"),
    path("settings/xero/choose/", consent_pages.xero_choose, name="xero_choose"),
    path("settings/xero/disconnect/", connection_pages.disconnect, name="xero_disconnect"),
    path("settings/xero/refresh/", connection_pages.refresh_from_xero, name="refresh_from_xero"),
    path("settings/xero/check-payments/", connection_pages.check_payments_now, name="check_payments"),
    path("settings/sending/", sending_rules_pages.sending_rules, name="sending_rules"),
    path("settings/sending/example/", sending_rules_pages.reference_example, name="reference_example"),
]

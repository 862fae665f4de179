from django.urls import path

from integrations.web import (
    accounting_log_pages,
    batch_pages,
    connection_pages,
    consent_pages,
    organisation_choice_page,
    reconciliation_pages,
    rules_version_pages,
    sending_rules_pages,
)

urlpatterns = [
    path("sends/", batch_pages.send_batches, name="send_batches"),
    path("sends/<int:number>/", batch_pages.send_batch, name="send_batch"),
    path("logs/", accounting_log_pages.accounting_logs, name="accounting_logs"),
    path("logs/calls/<uuid:public_id>/", accounting_log_pages.attempt, name="attempt"),
    path("logs/calls/<uuid:public_id>/raw/", accounting_log_pages.raw_attempt, name="raw_attempt"),
    path("reconciliation/", reconciliation_pages.reconciliation, name="reconciliation"),
    path("reconciliation/compare/", reconciliation_pages.compare_now, name="compare_now"),
    path("reconciliation/<uuid:public_id>/settle/", reconciliation_pages.settle_break, name="settle_break"),
    path("reconciliation/<uuid:public_id>/remove/", reconciliation_pages.remove_second, name="remove_second"),
    path("reconciliation/<uuid:public_id>/restore/", reconciliation_pages.restore_figures, name="restore_figures"),
    path("settings/xero/", connection_pages.xero_connection, name="xero_connection"),
    path("settings/xero/connect/", consent_pages.connect, name="xero_connect"),
    path("settings/xero/choose/", consent_pages.xero_choose, name="xero_choose"),
    path("organisation/", organisation_choice_page.choose_organisation, name="choose_organisation"),
    path("settings/xero/disconnect/", connection_pages.disconnect, name="xero_disconnect"),
    path("settings/xero/reset/", connection_pages.reset_xero_link, name="xero_reset_link"),
    path("settings/xero/test/", connection_pages.try_now, name="xero_test"),
    path("settings/xero/refresh/", connection_pages.refresh_from_xero, name="refresh_from_xero"),
    path("settings/xero/check-payments/", connection_pages.check_payments_now, name="check_payments"),
    path("settings/sending/", sending_rules_pages.sending_rules, name="sending_rules"),
    path("settings/versions/", rules_version_pages.rules_versions, name="rules_versions"),
    path("settings/versions/roll-back/", rules_version_pages.rules_roll_back, name="rules_roll_back"),
    path("settings/sending/example/", sending_rules_pages.reference_example, name="reference_example"),
]

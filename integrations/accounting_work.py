"""Tells the workers what there is to do about Xero."""

from freightbridge.background_work.work_kinds import Queue, WorkKind, register_kind, register_run
from integrations.connection.connection_work import CHECK_PAYMENTS, REFRESH_REFERENCE_DATA
from integrations.outbox.deliver import deliver_due
from integrations.payments.poll_changes import check_payments, checking_gave_up
from integrations.reference_data.refresh_from_xero import refresh_gave_up, refresh_reference_data


def register_accounting_work() -> None:
    register_kind(
        WorkKind(name=REFRESH_REFERENCE_DATA, queue=Queue.POLL, do=refresh_reference_data, give_up=refresh_gave_up)
    )
    register_kind(WorkKind(name=CHECK_PAYMENTS, queue=Queue.POLL, do=check_payments, give_up=checking_gave_up))
    register_run(Queue.INTERACTIVE, deliver_due)
    register_run(Queue.BULK, deliver_due)

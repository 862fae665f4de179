"""Tells the workers what there is to do about Xero."""

from functools import partial

from freightbridge.background_work.work_kinds import Queue, WorkKind, register_kind, register_run
from integrations.accounting_log.forget_old_calls import (
    FORGET_OLD_CALLS,
    forget_old_calls,
    forgetting_gave_up,
)
from integrations.connection.connection_work import (
    CHECK_PAYMENTS,
    COMPARE_LEDGERS,
    KEEP_GRANT_ALIVE,
    LOOK_IN,
    REFRESH_REFERENCE_DATA,
    TRY_CONNECTION,
    TRY_STOPPED,
)
from integrations.connection.keep_grant_alive import keep_grant_alive, keeping_alive_gave_up
from integrations.connection.look_in import look_in, looking_in_gave_up
from integrations.connection.tell_of_loss import tell_of_loss, telling_gave_up
from integrations.connection.try_connection import try_connection, trying_gave_up
from integrations.lanes.claim_lane import next_lane_due_at
from integrations.lanes.lose_connection import TELL_OF_LOSS
from integrations.outbox.deliver import deliver_clicks, deliver_due
from integrations.outbox.try_stopped import try_stopped, trying_stopped_gave_up
from integrations.payments.poll_changes import check_payments, checking_gave_up
from integrations.payments.sweep_unsettled import SWEEP_UNSETTLED, sweep_unsettled, sweeping_gave_up
from integrations.reconciliation.reconcile import compare_ledgers, comparing_gave_up
from integrations.reference_data.refresh_from_xero import refresh_gave_up, refresh_reference_data
from integrations.webhooks.process_events import PROCESS_EVENTS, process_events, processing_gave_up
from integrations.webhooks.route_events import route_events


def register_accounting_work() -> None:
    register_kind(
        WorkKind(name=REFRESH_REFERENCE_DATA, queue=Queue.POLL, do=refresh_reference_data, give_up=refresh_gave_up)
    )
    register_kind(WorkKind(name=CHECK_PAYMENTS, queue=Queue.POLL, do=check_payments, give_up=checking_gave_up))
    register_kind(WorkKind(name=COMPARE_LEDGERS, queue=Queue.POLL, do=compare_ledgers, give_up=comparing_gave_up))
    register_kind(WorkKind(name=SWEEP_UNSETTLED, queue=Queue.POLL, do=sweep_unsettled, give_up=sweeping_gave_up))
    register_kind(WorkKind(name=KEEP_GRANT_ALIVE, queue=Queue.POLL, do=keep_grant_alive, give_up=keeping_alive_gave_up))
    register_kind(WorkKind(name=LOOK_IN, queue=Queue.POLL, do=look_in, give_up=looking_in_gave_up))
    register_kind(WorkKind(name=TRY_CONNECTION, queue=Queue.INTERACTIVE, do=try_connection, give_up=trying_gave_up))
    register_kind(WorkKind(name=TRY_STOPPED, queue=Queue.BULK, do=try_stopped, give_up=trying_stopped_gave_up))
    register_kind(WorkKind(name=TELL_OF_LOSS, queue=Queue.POLL, do=tell_of_loss, give_up=telling_gave_up))
    register_kind(WorkKind(name=PROCESS_EVENTS, queue=Queue.POLL, do=process_events, give_up=processing_gave_up))
    register_kind(WorkKind(name=FORGET_OLD_CALLS, queue=Queue.POLL, do=forget_old_calls, give_up=forgetting_gave_up))
    register_run(Queue.POLL, route_events)
    register_run(Queue.INTERACTIVE, deliver_clicks, due_at=partial(next_lane_due_at, clicks_only=True))
    register_run(Queue.BULK, deliver_due, due_at=next_lane_due_at)

"""Tells the workers what there is to do about freight."""

from freightbridge.background_work.work_kinds import Queue, WorkKind, register_kind
from integrations.connection.connection_work import (
    ASSESS_SHIPMENTS,
    CHECK_NUMBERS,
    DAILY_DIGEST,
    FOLLOW_DOCUMENT,
    IMPORT_FOUND,
    SYNC_CUSTOMERS,
)
from invoices.work_names import (
    ADOPT_MATCHES,
    CHANGE_STATUSES,
    CHECK_UPLOAD,
    CREATE_ITEMS,
    IMPORT_UPLOAD,
    LOOK_FOR_ADOPTIONS,
    MAKE_EXPORT_FILE,
    PREPARE_BATCH,
    RENDER_PDF,
    RETRY_BATCH,
    SEND_BY_SCHEDULE,
    SEND_MENDED,
    SEND_REACHED,
    STEER_BATCH,
    TELL_OF_MEND,
    TELL_OF_SEND,
)
from invoices.workflows.adopt_matches import adopt_matches, adopting_gave_up
from invoices.workflows.assess_shipments import assess_all, assessing_gave_up
from invoices.workflows.change_statuses import change_statuses, changing_gave_up
from invoices.workflows.check_numbers import check_numbers, checking_numbers_gave_up
from invoices.workflows.check_upload import check_upload, checking_gave_up
from invoices.workflows.create_missing_items import create_missing_items, creating_items_gave_up
from invoices.workflows.daily_digest import daily_digest, digest_gave_up
from invoices.workflows.follow_document import follow, following_gave_up
from invoices.workflows.import_from_xero import import_from_xero, importing_from_xero_gave_up
from invoices.workflows.import_upload import import_upload, importing_gave_up
from invoices.workflows.look_for_adoptions import look_for_adoptions, looking_for_adoptions_gave_up
from invoices.workflows.make_export_file import make_export_file, making_file_gave_up
from invoices.workflows.prepare_batch import prepare_batch, preparing_gave_up
from invoices.workflows.render_pdf import render_pdf, rendering_gave_up
from invoices.workflows.retry_batch import retry_batch, retrying_gave_up
from invoices.workflows.send_by_schedule import send_by_schedule, sending_by_schedule_gave_up
from invoices.workflows.send_mended import send_mended, sending_mended_gave_up
from invoices.workflows.status_reached import send_reached, sending_reached_gave_up
from invoices.workflows.steer_batch import steer_batch, steering_gave_up
from invoices.workflows.sync_customers import sync_customers, syncing_gave_up
from invoices.workflows.tell_of_mend import tell_of_mend, telling_of_mend_gave_up
from invoices.workflows.tell_of_send import tell_of_send, telling_of_send_gave_up


def register_freight_work() -> None:
    kinds = [
        WorkKind(name=ASSESS_SHIPMENTS, queue=Queue.BULK, do=assess_all, give_up=assessing_gave_up),
        WorkKind(name=FOLLOW_DOCUMENT, queue=Queue.INTERACTIVE, do=follow, give_up=following_gave_up),
        WorkKind(name=PREPARE_BATCH, queue=Queue.INTERACTIVE, do=prepare_batch, give_up=preparing_gave_up),
        WorkKind(name=STEER_BATCH, queue=Queue.INTERACTIVE, do=steer_batch, give_up=steering_gave_up),
        WorkKind(name=RETRY_BATCH, queue=Queue.INTERACTIVE, do=retry_batch, give_up=retrying_gave_up),
        WorkKind(name=SEND_MENDED, queue=Queue.INTERACTIVE, do=send_mended, give_up=sending_mended_gave_up),
        WorkKind(name=CHECK_UPLOAD, queue=Queue.INTERACTIVE, do=check_upload, give_up=checking_gave_up),
        WorkKind(name=IMPORT_UPLOAD, queue=Queue.BULK, do=import_upload, give_up=importing_gave_up),
        WorkKind(name=CREATE_ITEMS, queue=Queue.INTERACTIVE, do=create_missing_items, give_up=creating_items_gave_up),
        WorkKind(name=CHANGE_STATUSES, queue=Queue.INTERACTIVE, do=change_statuses, give_up=changing_gave_up),
        WorkKind(name=SEND_REACHED, queue=Queue.BULK, do=send_reached, give_up=sending_reached_gave_up),
        WorkKind(name=SEND_BY_SCHEDULE, queue=Queue.BULK, do=send_by_schedule, give_up=sending_by_schedule_gave_up),
        WorkKind(name=RENDER_PDF, queue=Queue.RENDER, do=render_pdf, give_up=rendering_gave_up),
        WorkKind(name=IMPORT_FOUND, queue=Queue.POLL, do=import_from_xero, give_up=importing_from_xero_gave_up),
        WorkKind(name=DAILY_DIGEST, queue=Queue.POLL, do=daily_digest, give_up=digest_gave_up),
        WorkKind(name=TELL_OF_MEND, queue=Queue.POLL, do=tell_of_mend, give_up=telling_of_mend_gave_up),
        WorkKind(name=TELL_OF_SEND, queue=Queue.POLL, do=tell_of_send, give_up=telling_of_send_gave_up),
        WorkKind(name=SYNC_CUSTOMERS, queue=Queue.POLL, do=sync_customers, give_up=syncing_gave_up),
        WorkKind(name=CHECK_NUMBERS, queue=Queue.POLL, do=check_numbers, give_up=checking_numbers_gave_up),
        WorkKind(name=MAKE_EXPORT_FILE, queue=Queue.INTERACTIVE, do=make_export_file, give_up=making_file_gave_up),
        WorkKind(
            name=LOOK_FOR_ADOPTIONS, queue=Queue.INTERACTIVE, do=look_for_adoptions,
            give_up=looking_for_adoptions_gave_up,
        ),
        WorkKind(name=ADOPT_MATCHES, queue=Queue.INTERACTIVE, do=adopt_matches, give_up=adopting_gave_up),
    ]  # fmt: skip
    for kind in kinds:
        register_kind(kind)

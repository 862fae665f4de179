"""Tells the workers what there is to do about freight."""

from freightbridge.background_work.work_kinds import Queue, WorkKind, register_kind
from integrations.connection.connection_work import ASSESS_SHIPMENTS
from invoices.work_names import CHECK_UPLOAD, IMPORT_UPLOAD, PREPARE_BATCH, RENDER_PDF
from invoices.workflows.assess_shipments import assess_all, assessing_gave_up
from invoices.workflows.check_upload import check_upload, checking_gave_up
from invoices.workflows.import_upload import import_upload, importing_gave_up
from invoices.workflows.prepare_batch import prepare_batch, preparing_gave_up
from invoices.workflows.render_pdf import render_pdf, rendering_gave_up


def register_freight_work() -> None:
    kinds = [
        WorkKind(name=ASSESS_SHIPMENTS, queue=Queue.BULK, do=assess_all, give_up=assessing_gave_up),
        WorkKind(name=PREPARE_BATCH, queue=Queue.INTERACTIVE, do=prepare_batch, give_up=preparing_gave_up),
        WorkKind(name=CHECK_UPLOAD, queue=Queue.INTERACTIVE, do=check_upload, give_up=checking_gave_up),
        WorkKind(name=IMPORT_UPLOAD, queue=Queue.BULK, do=import_upload, give_up=importing_gave_up),
        WorkKind(name=RENDER_PDF, queue=Queue.RENDER, do=render_pdf, give_up=rendering_gave_up),
    ]
    for kind in kinds:
        register_kind(kind)

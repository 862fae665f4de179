"""The states of an upload and of its rows in the words that people see."""

from freightbridge.ui.pill import Pill
from invoices.models.upload import RowOutcome, UploadState

UPLOAD_PILLS = {
    UploadState.MATCHING: Pill(label="Columns to be matched", colour="yellow", icon="view-columns"),
    UploadState.CHECKING: Pill(label="Being checked", colour="purple", icon="clock", is_live=True),
    UploadState.CHECKED: Pill(label="Checked, not imported", colour="secondary", icon="clipboard-document-check"),
    UploadState.IMPORTING: Pill(label="Being imported", colour="purple", icon="clock", is_live=True),
    UploadState.STOPPED: Pill(label="Stopped", colour="red", icon="exclamation-triangle"),
    UploadState.DONE: Pill(label="Imported", colour="azure", icon="check-circle"),
    UploadState.FAILED: Pill(label="Could not be read", colour="red", icon="exclamation-triangle"),
    UploadState.UNDONE: Pill(label="Undone", colour="dark", icon="arrow-uturn-left"),
}
ROW_PILLS = {
    RowOutcome.NEW: Pill(label="New", colour="azure", icon="plus-circle"),
    RowOutcome.CHANGED: Pill(label="Changed", colour="yellow", icon="pencil"),
    RowOutcome.SAME: Pill(label="Unchanged", colour="secondary", icon="equals"),
    RowOutcome.REFUSED: Pill(label="Refused", colour="red", icon="x-circle"),
}

"""What other systems can be told of, with words for the person who chooses. Pure."""

from enum import StrEnum


class EventKind(StrEnum):
    DOCUMENT_IN_XERO = "document.in_xero"
    DOCUMENT_ATTENTION = "document.attention"
    DOCUMENT_PAID = "document.paid"
    DOCUMENT_VOIDED = "document.voided"
    CONNECTION_LOST = "connection.lost"
    UPLOAD_FINISHED = "upload.finished"
    # Only ever sent by the button that tries an endpoint out.
    TEST = "test"


TOLD_AS = {
    EventKind.DOCUMENT_IN_XERO: "A document has arrived in Xero, or was changed there as we asked",
    EventKind.DOCUMENT_ATTENTION: "A document was refused and needs attention",
    EventKind.DOCUMENT_PAID: "A document is paid or credited in full",
    EventKind.DOCUMENT_VOIDED: "A document was voided, by us or in Xero",
    EventKind.CONNECTION_LOST: "Xero does not accept our connection any more",
    EventKind.UPLOAD_FINISHED: "An upload was imported, stopped or could not be read",
}

"""Our mark on a document: the same for the same document for ever, and impossible to guess."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from integrations.mapping.source import DocumentKind

LENGTH = 26
SHORT_LENGTH = 10
SOURCE_SYSTEM = "freightbridge"


@dataclass(frozen=True, slots=True)
class DocumentMark:
    """By what our document is found again in Xero: an address where it keeps one, else the end of its reference."""

    identity: str
    link_base: str

    @property
    def url(self) -> str:
        return f"{self.link_base}/d/{self.identity}" if self.identity else ""

    def on_reference(self, reference: str) -> str:
        """Credit notes and quotes have no Url (developer.xero.com: "Elements for Credit Notes", for Quotes)."""
        return f"{reference} {short_identity(self.identity)}".strip()


# For a document that nobody sends yet: a preview, a check beforehand.
NO_MARK = DocumentMark("", "")


def document_identity(
    *, key: str, organisation_id: str, kind: DocumentKind, source_id: str, export_version: int
) -> str:
    """26 letters and digits. A re-upload, a restore and a second worker all arrive at the same one."""
    text = "|".join(["v1", organisation_id, kind, SOURCE_SYSTEM, source_id, str(export_version)])
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:LENGTH]


def short_identity(identity: str) -> str:
    """For what a person reads: file names, the end of a quote's reference."""
    return identity[:SHORT_LENGTH]


def idempotency_key(*, identities: list[str], phase: str, generation: int) -> str:
    """
    At most 128 characters, the same for the same members in the same order.

    Xero keeps a key for 6 minutes and refuses it with another request
    (developer.xero.com/documentation/guides/idempotent-requests/idempotency, unconfirmed).
    """
    if len(identities) == 1:
        return f"fb1:{identities[0]}:{phase}:{generation}"
    digest = hashlib.sha256("|".join(identities).encode()).hexdigest()[:40]
    return f"fb1:{digest}:{phase}:{generation}"


def attachment_name(identity: str, number: str) -> str:
    """
    Letters, digits, dot, dash and underscore only: Xero refuses many others in a file's name, and
    overwrites an attachment of the same name, so that repeating the upload adds nothing
    (developer.xero.com/documentation/api/accounting/attachments).
    """
    safe = "".join(character if character.isascii() and character.isalnum() else "-" for character in number)
    return f"{safe[:60]}-FB-{short_identity(identity)}.pdf"

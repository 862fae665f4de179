"""…/{collection}/{id}/Attachments: files on documents and contacts.

Source: developer.xero.com/documentation/api/accounting/attachments. The same file name overwrites; there is no delete.
"""

import mimetypes
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found, plain_validation_refused
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import Attachment, CreditNote, Invoice, Quote
from integrations.xero_sandbox.books.organisation_records import Account
from integrations.xero_sandbox.wire.http_messages import Answer

Json = dict[str, Any]
OWNERS: dict[str, type] = {
    "invoices": Invoice,
    "creditnotes": CreditNote,
    "quotes": Quote,
    "contacts": Contact,
    "accounts": Account,
}
COLLECTIONS = {
    "invoices": "Invoices",
    "creditnotes": "CreditNotes",
    "quotes": "Quotes",
    "contacts": "Contacts",
    "accounts": "Accounts",
}
MOST_ATTACHMENTS = 10
LARGEST_FILE = 10 * 1024 * 1024
FORBIDDEN = frozenset('<>:"/\\|?*\0+')
ONLINE_TYPES = frozenset({"ACCREC", "ACCRECCREDIT"})


def list_attachments(call: ApiCall) -> Answer:
    owner_id = _owner_id(call)
    if owner_id is None:
        return not_found()
    return enveloped(call, "Attachments", attachments_as_json(call, _collection(call), owner_id))


def get_attachment(call: ApiCall) -> Answer:
    """By file name or by AttachmentID: the bytes as they came."""
    owner_id = _owner_id(call)
    attachment = _named(call, owner_id) if owner_id else None
    if attachment is None:
        return not_found()
    plain = attachment.file_name.encode("ascii", "replace").decode().replace("?", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(attachment.file_name)}"
    headers = (("Content-Type", attachment.mime_type), ("Content-Disposition", disposition))
    return Answer(status=200, headers=headers, body=attachment.content)


def save_attachment(call: ApiCall) -> Answer:
    """PUT and POST alike."""
    owner_id = _owner_id(call)
    if owner_id is None:
        return not_found()
    owner = call.books.find(OWNERS[call.parameters["collection"].lower()], owner_id)
    held = _named(call, owner_id)
    refusal = _refusal(call, held, owner_id, owner)
    if refusal:
        return plain_validation_refused(refusal)
    attachment = Attachment(
        organisation_id=call.books.organisation_id,
        attachment_id=held.attachment_id if held else str(uuid4()),
        owner=_collection(call),
        owner_id=owner_id,
        file_name=call.parameters["file"],
        mime_type=_mime_type(call),
        content=call.request.body,
        include_online=call.query_flag("IncludeOnline"),
    )
    call.books.store.save(attachment)
    if hasattr(owner, "has_attachments") and not owner.has_attachments:
        call.books.store.save(replace(owner, has_attachments=True))
    call.books.note(
        owner_id, changes="Attached a file", details=attachment.file_name, user=call.desk.user, now=call.now
    )
    return enveloped(call, "Attachments", [_as_json(call, attachment)])


def attachments_as_json(call: ApiCall, collection: str, owner_id: str) -> list[Json]:
    return [
        _as_json(call, attachment)
        for attachment in call.books.attachments_of(owner_id)
        if attachment.owner == collection
    ]


def _as_json(call: ApiCall, attachment: Attachment) -> Json:
    path = f"api.xro/2.0/{attachment.owner}/{attachment.owner_id}/Attachments/{quote(attachment.file_name)}"
    shown: Json = {
        "AttachmentID": attachment.attachment_id,
        "FileName": attachment.file_name,
        "Url": f"{call.request.origin}/{path}",
        "MimeType": attachment.mime_type,
        "ContentLength": len(attachment.content),
    }
    return shown | {"IncludeOnline": True} if attachment.include_online else shown


def _collection(call: ApiCall) -> str:
    return COLLECTIONS[call.parameters["collection"].lower()]


def _owner_id(call: ApiCall) -> str | None:
    kind = OWNERS.get(call.parameters["collection"].lower())
    owner_id = call.parameters["owner"].lower()
    return owner_id if kind and call.books.find(kind, owner_id) else None


def _named(call: ApiCall, owner_id: str) -> Attachment | None:
    wanted = call.parameters["file"]
    return next(
        (
            attachment
            for attachment in call.books.attachments_of(owner_id)
            if attachment.file_name.casefold() == wanted.casefold() or attachment.attachment_id == wanted.lower()
        ),
        None,
    )


def _refusal(call: ApiCall, held: Attachment | None, owner_id: str, owner: Any) -> str:
    """Wording: unconfirmed."""
    if not call.parameters["file"].strip() or FORBIDDEN & set(call.parameters["file"]):
        return 'The file name contains characters that are not allowed: < > : " / \\ | ? * +'
    if not call.request.body:
        return "The file is empty."
    if len(call.request.body) > LARGEST_FILE:
        return "The file is too large: attachments are limited to 10 MB."
    if held is None and len(call.books.attachments_of(owner_id)) >= MOST_ATTACHMENTS:
        return "A maximum of 10 attachments is allowed."
    if call.query_flag("IncludeOnline") and getattr(owner, "type", "") not in ONLINE_TYPES:
        return "IncludeOnline is only supported for sales invoices and sales credit notes."
    return ""


def _mime_type(call: ApiCall) -> str:
    """By the file's extension, whatever the Content-Type said: seen on a live organisation."""
    guessed = mimetypes.guess_type(call.parameters["file"])[0]
    return guessed or call.request.headers.get("content-type", "application/octet-stream")

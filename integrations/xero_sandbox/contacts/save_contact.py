"""Creates and changes contacts for PUT and POST /Contacts, and for contacts written inside documents."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.contacts.contact_rules import (
    ARCHIVED_EDIT,
    ARCHIVED_USE,
    NOT_IDENTIFIED,
    check_contact,
)
from integrations.xero_sandbox.contacts.merge_contact import empty_slots, is_edit, merged_contact
from integrations.xero_sandbox.rules.findings import Findings, UnknownRecordError
from integrations.xero_sandbox.switches import Switches
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond


class ContactDesk:
    """Contact writing within one request: its books, switches and moment."""

    def __init__(self, *, books: CompanyBooks, switches: Switches, now: datetime) -> None:
        self._books = books
        self._switches = switches
        self._now = whole_millisecond(now)

    def create(self, sent: Sent, findings: Findings) -> Contact | None:
        contact = merged_contact(self._blank(), sent)
        if not (sent.has("Name") or sent.has("ContactNumber")):
            findings.refuse(NOT_IDENTIFIED)
            return None
        return self._checked_save(contact, findings)

    def update(self, contact: Contact, sent: Sent, findings: Findings) -> Contact | None:
        """Archived contacts cannot be edited; ContactStatus ARCHIVED archives, open documents or not."""
        if contact.status == "ARCHIVED":
            findings.refuse(ARCHIVED_EDIT)
            return None
        status = sent.text("ContactStatus") or contact.status
        if status not in {"ACTIVE", "ARCHIVED"}:
            findings.refuse(f"The status '{status}' is not valid for contacts")
            return None
        merged = replace(merged_contact(contact, sent), status=status, updated_at=self._now)
        return self._checked_save(merged, findings)

    def match(self, sent: Sent) -> Contact | None:
        """By ContactID, then ContactNumber, then Name; an unknown ContactID is a 404 for the whole request."""
        if identifier := sent.identifier("ContactID"):
            contact: Contact | None = self._books.find(Contact, identifier)
            if contact is None:
                raise UnknownRecordError(identifier)
            return contact
        if number := sent.text("ContactNumber"):
            found = self._books.contacts_with("contact_number", number)
            if found or not sent.has("Name"):
                return found[0] if found else None
        if name := sent.text("Name"):
            found = self._books.contacts_with("name", folded(name))
            return min(found, key=lambda contact: contact.status, default=None)
        return None

    def for_document(self, sent: Sent | None, findings: Findings) -> Contact | None:
        """The contact a document names: matched, edited if more than its id was sent, created if its name is new."""
        if sent is None:
            findings.refuse("A Contact must be specified for this type of transaction")
            return None
        contact = self.match(sent)
        if contact is None and not sent.has("Name"):
            findings.refuse(NOT_IDENTIFIED)
        elif contact is None:
            contact = self.create(sent, findings)
        elif contact.status != "ACTIVE":
            findings.refuse(ARCHIVED_USE)
        elif is_edit(sent):
            persons = contact.persons if sent.has("ContactPersons") else ()
            contact = self.update(replace(contact, persons=persons), sent, findings)
        return contact

    def _checked_save(self, contact: Contact, findings: Findings) -> Contact | None:
        before = len(findings.errors)
        check_contact(
            contact,
            books=self._books,
            refuses_taken_account_number=self._switches.account_number_taken == "refuse",
            findings=findings,
        )
        if len(findings.errors) > before:
            return None
        self._books.store.save(contact)
        return contact

    def _blank(self) -> Contact:
        return Contact(
            organisation_id=self._books.organisation_id,
            contact_id=str(uuid4()),
            name="",
            updated_at=self._now,
            **empty_slots(),
        )

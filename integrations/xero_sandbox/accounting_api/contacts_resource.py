"""/Contacts. Source: developer.xero.com/documentation/api/accounting/contacts."""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.attachments_resource import attachments_as_json
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.accounting_api.list_reading import (
    IndexedBy,
    ListShape,
    Selection,
    Wanted,
    asked_page,
    select,
)
from integrations.xero_sandbox.accounting_api.unchanged_lists import unless_unchanged
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.contacts.contact_rendering import (
    contact_alone,
    contact_as_written,
    contact_in_list,
    contact_in_summary,
    contact_unpaged,
)
from integrations.xero_sandbox.contacts.contact_rules import NOT_IDENTIFIED
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.query_matching import Test
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent

SHAPE = ListShape(
    kind=Contact,
    fields={
        "contactid": lambda contact: contact.contact_id,
        "name": lambda contact: contact.name,
        "contactnumber": lambda contact: contact.contact_number,
        "accountnumber": lambda contact: contact.account_number,
        "contactstatus": lambda contact: contact.status,
        "emailaddress": lambda contact: contact.email,
        "firstname": lambda contact: contact.first_name,
        "lastname": lambda contact: contact.last_name,
        "companynumber": lambda contact: contact.company_number,
        "iscustomer": lambda contact: contact.is_customer,
        "issupplier": lambda contact: contact.is_supplier,
        "defaultcurrency": lambda contact: contact.default_currency,
        "taxnumber": lambda contact: contact.more.get("TaxNumber", ""),
        "updateddateutc": lambda contact: contact.updated_at,
    },
    indexes=(
        IndexedBy(facet="name", paths={"name": folded}),
        IndexedBy(facet="account_number", paths={"accountnumber": folded}),
        IndexedBy(facet="email", paths={"emailaddress": folded}),
        IndexedBy(facet="contact_number", paths={"contactnumber": str}),
        IndexedBy(facet="status", paths={"contactstatus": str.upper}),
    ),
)


def list_contacts(call: ApiCall) -> Answer:
    """Archived contacts stay hidden unless includeArchived=true."""
    selection = select(call, SHAPE, _wanted(call))
    return unless_unchanged(call, selection.count, lambda: _listed(call, selection))


def get_contact(call: ApiCall) -> Answer:
    """By ContactID or ContactNumber."""
    contact = _named(call)
    if contact is None:
        return not_found()
    attachments = attachments_as_json(call, "Contacts", contact.contact_id)
    return enveloped(call, "Contacts", [contact_alone(contact, attachments)])


def create_contacts(call: ApiCall) -> Answer:
    desk = call.desk.contacts
    return write_elements(call, KIND, desk.create)


def save_contacts(call: ApiCall) -> Answer:
    """POST updates what it finds by ContactID, ContactNumber, then Name, and creates the rest."""
    desk = call.desk.contacts

    def write(sent: Sent, findings: Findings) -> Any:
        if not any(sent.has(name) for name in ("ContactID", "ContactNumber", "Name")):
            findings.refuse(NOT_IDENTIFIED)
            return None
        held = desk.match(sent)
        return desk.create(sent, findings) if held is None else desk.update(held, sent, findings)

    return write_elements(call, KIND, write)


def save_contact(call: ApiCall) -> Answer:
    held = _named(call)
    if held is None:
        return not_found()
    desk = call.desk.contacts
    return write_elements(call, KIND, lambda sent, findings: desk.update(held, sent, findings))


def _named(call: ApiCall) -> Contact | None:
    key = call.parameters["owner"]
    contact: Contact | None = call.books.find(Contact, key.lower())
    numbered = [] if contact else call.books.contacts_with("contact_number", key)
    return contact or (numbered[0] if numbered else None)


def _wanted(call: ApiCall) -> Wanted:
    tests: list[Test] = []
    equals = {}
    if not call.query_flag("includeArchived") and not call.query("IDs"):
        if call.query("where"):
            tests.append(lambda contact: contact.status == "ACTIVE")
        else:
            equals["contactstatus"] = "ACTIVE"
    if term := folded(call.query("searchTerm")):
        tests.append(lambda contact: term in _searched(contact))
    return Wanted(identifiers=call.query_list("IDs") if call.query("IDs") else None, tests=tests, equals=equals)


def _searched(contact: Contact) -> str:
    names = f"{contact.name}\n{contact.first_name}\n{contact.last_name}\n{contact.email}"
    return folded(f"{names}\n{contact.contact_number}\n{contact.company_number}")


def _listed(call: ApiCall, selection: Selection) -> Answer:
    is_summary = call.query_flag("summaryOnly")
    is_paged = bool(call.query("page")) or is_summary
    page = asked_page(call)
    contacts = page.cut(selection) if is_paged else selection.all()
    paged = contact_in_summary if is_summary else contact_in_list
    render = paged if is_paged else contact_unpaged
    block = page.block(selection.count) if is_paged else None
    return enveloped(call, "Contacts", [render(contact) for contact in contacts], pagination=block)


KIND = ElementKind(
    collection="Contacts",
    word="Contact",
    id_name="ContactID",
    error_flag="HasValidationErrors",
    echo={"Addresses": [], "Phones": [], "ContactGroups": [], "ContactPersons": []},
    render=contact_as_written,
)

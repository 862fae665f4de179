"""How a customer stands with Xero's contacts: matched and by whom, to be matched, unknown."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from freightbridge.ui.pill import Pill
from integrations.models import ConnectionSettings, ContactLink, ReferenceRecord, XeroConnection
from integrations.models.connection_settings import UnknownCustomer
from integrations.models.contact_link import MatchedBy
from integrations.models.reference_record import ReferenceKind
from integrations.web.xero_links import contact_link

MATCHED = Pill(label="Matched", colour="azure", icon="check-circle")
WILL_MATCH = Pill(label="Will match", colour="secondary", icon="link")
AMBIGUOUS = Pill(label="Ambiguous", colour="yellow", icon="question-mark-circle")
WILL_CREATE = Pill(label="Will be created", colour="secondary", icon="plus-circle")
UNMATCHED = Pill(label="Not matched", colour="red", icon="link-slash")
ARCHIVED = Pill(label="Archived in Xero", colour="red", icon="archive-box")
UNKNOWN = Pill(label="Not connected", colour="secondary", icon="minus")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactState:
    """`how`: by what it was matched, in words. `xero_address`: the contact in Xero."""

    pill: Pill
    contact_name: str = ""
    how: str = ""
    at: datetime | None = None
    xero_address: str = ""


def contact_states(connection: XeroConnection | None, customer_codes: Iterable[str]) -> dict[str, ContactState]:
    """By customer code; four queries for any number. In the tenant's scope."""
    codes = list(customer_codes)
    if connection is None:
        return {code: ContactState(pill=UNKNOWN) for code in codes}
    links = {
        link.customer_code: link for link in ContactLink.objects.filter(connection=connection, customer_code__in=codes)
    }
    contacts = ReferenceRecord.objects.filter(connection=connection, kind=ReferenceKind.CONTACT)
    linked = {one.key: one for one in contacts.filter(key__in=[str(link.contact_id) for link in links.values()])}
    numbered: dict[str, list[ReferenceRecord]] = defaultdict(list)
    for contact in contacts.filter(code__in=codes, is_active=True):
        numbered[contact.code].append(contact)
    unmatched = WILL_CREATE if _creates_contacts(connection) else UNMATCHED
    return {
        code: _linked(links[code], linked, connection)
        if code in links
        else _candidate(numbered[code], connection, unmatched)
        for code in codes
    }


def _creates_contacts(connection: XeroConnection) -> bool:
    return ConnectionSettings.objects.filter(connection=connection, unknown_customer=UnknownCustomer.CREATE).exists()


def _linked(link: ContactLink, contacts: dict[str, ReferenceRecord], connection: XeroConnection) -> ContactState:
    contact = contacts.get(str(link.contact_id))
    return ContactState(
        pill=ARCHIVED if contact is not None and not contact.is_active else MATCHED,
        contact_name=contact.name if contact else link.contact_name,
        how=MatchedBy(link.matched_by).label,
        at=link.matched_at,
        xero_address=contact_link(short_code=connection.short_code, contact_id=link.contact_id),
    )


def _candidate(contacts: list[ReferenceRecord], connection: XeroConnection, unmatched: Pill) -> ContactState:
    """By the account number; the link is stored with the first send."""
    if not contacts:
        return ContactState(pill=unmatched)
    if len(contacts) > 1:
        return ContactState(pill=AMBIGUOUS, how=f"{len(contacts)} contacts have this account number")
    (contact,) = contacts
    return ContactState(
        pill=WILL_MATCH,
        contact_name=contact.name,
        how="Has this account number",
        xero_address=contact_link(short_code=connection.short_code, contact_id=contact.key),
    )

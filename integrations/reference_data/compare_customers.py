"""A few hundred customers against the contacts as they were last read: links are made and followed, rows written."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Lower

from freightbridge.audit.record_event import SYSTEM, record_event
from integrations.mapping.match_customer import (
    CustomerMatch,
    CustomerToMatch,
    ListedContact,
    MatchKind,
    match_customer,
)
from integrations.models import ContactLink, ContactSync, ContactSyncRow, ReferenceRecord
from integrations.models.contact_link import MatchedBy
from integrations.models.reference_record import ReferenceKind

# Merges of merges; more of them than anybody makes.
MOST_MERGES = 5
FOLLOWED = {MatchKind.RENAMED, MatchKind.MERGED}
# Those that stand as they stood are counted, not listed.
UNLISTED = {MatchKind.KNOWN}


def compare_customers(sync: ContactSync, names_by_code: Mapping[str, str], *, now: datetime) -> None:
    """In the tenant's scope; a fixed number of queries."""
    links = {
        link.customer_code: link
        for link in ContactLink.objects.filter(connection=sync.connection_id, customer_code__in=names_by_code)
    }
    matches = _matches(sync, names_by_code, links)
    _make_links(sync, matches, now=now)
    for match in matches:
        if match.kind in FOLLOWED and match.contact is not None:
            _follow(links[match.code], match.contact, sync, now=now)
    ContactSyncRow.objects.bulk_create(_row(sync, match) for match in matches if match.kind not in UNLISTED)
    sync.counts = dict(Counter(sync.counts) + Counter(match.kind for match in matches))
    sync.done_count += len(matches)


def _matches(
    sync: ContactSync, names_by_code: Mapping[str, str], links: Mapping[str, ContactLink]
) -> list[CustomerMatch]:
    records = ReferenceRecord.objects.filter(connection=sync.connection_id, kind=ReferenceKind.CONTACT)
    unlinked = [code for code in names_by_code if code not in links]
    numbered, alike = defaultdict(list), defaultdict(list)
    for record in records.filter(code__in=unlinked).order_by("name"):
        numbered[record.code].append(_listed(record))
    wanted = {names_by_code[code].lower() for code in unlinked}
    for record in records.filter(is_active=True).annotate(lower_name=Lower("name")).filter(lower_name__in=wanted):
        alike[record.name.lower()].append(_listed(record))
    begun = [_listed(record) for record in records.filter(key__in=[str(one.contact_id) for one in links.values()])]
    contacts = _with_survivors([*begun, *(one for several in numbered.values() for one in several)], sync)
    return [
        match_customer(
            CustomerToMatch(
                code=code,
                linked_id=str(links[code].contact_id) if code in links else "",
                linked_name=links[code].contact_name if code in links else "",
                numbered=numbered[code],
                alike=alike[name.lower()],
            ),
            contacts,
        )
        for code, name in names_by_code.items()
    ]


def _with_survivors(begun: Iterable[ListedContact], sync: ContactSync) -> dict[str, ListedContact]:
    contacts = {contact.contact_id: contact for contact in begun}
    for _ in range(MOST_MERGES):
        further = {one.merged_to for one in contacts.values() if one.merged_to} - set(contacts)
        if not further:
            break
        records = ReferenceRecord.objects.filter(
            connection=sync.connection_id, kind=ReferenceKind.CONTACT, key__in=further
        )
        contacts |= {record.key: _listed(record) for record in records}
    return contacts


def _listed(record: ReferenceRecord) -> ListedContact:
    return ListedContact(
        contact_id=record.key,
        name=record.name,
        is_active=record.is_active,
        merged_to=record.data.get("merged_to", ""),
    )


def _make_links(sync: ContactSync, matches: Iterable[CustomerMatch], *, now: datetime) -> None:
    """One that a delivery has made meanwhile stands."""
    ContactLink.objects.bulk_create(
        (
            ContactLink(
                connection_id=sync.connection_id,
                customer_code=match.code,
                contact_id=match.contact.contact_id,
                contact_name=match.contact.name[:255],
                matched_by=MatchedBy.ACCOUNT_NUMBER,
                matched_at=now,
            )
            for match in matches
            if match.kind == MatchKind.MATCHED and match.contact is not None
        ),
        ignore_conflicts=True,
    )


def _follow(link: ContactLink, contact: ListedContact, sync: ContactSync, *, now: datetime) -> None:
    """The same party under its new name, or the contact that Xero has put in its place."""
    before, link.contact_name, link.contact_id = link.contact_name, contact.name[:255], UUID(contact.contact_id)
    link.save(update_fields=["contact_name", "contact_id"])
    change = {link.customer_code: {"before": before, "after": link.contact_name}}
    record_event(action="contact followed", subject=link, by=sync.asked_by or SYSTEM, now=now, **change)


def _row(sync: ContactSync, match: CustomerMatch) -> ContactSyncRow:
    return ContactSyncRow(
        sync=sync,
        kind=match.kind,
        customer_code=match.code,
        contact_id=UUID(match.contact.contact_id) if match.contact else None,
        contact_name=match.contact.name if match.contact else "",
        was=match.was,
    )

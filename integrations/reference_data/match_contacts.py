"""Finds the contact of a customer code: by the stored link, then by the account number of an active contact."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from integrations.models import ContactLink, ReferenceRecord, XeroConnection
from integrations.models.contact_link import MatchedBy
from integrations.models.reference_record import ReferenceKind


def link_by_account_number(connection: XeroConnection, customer_codes: set[str], *, now: datetime) -> dict[str, str]:
    """
    Contact ids by customer code, for those that are known. New links are stored.

    A number that several active contacts carry is not guessed at: its customer stays unlinked.
    """
    links = dict(
        ContactLink.objects.filter(connection=connection, customer_code__in=customer_codes).values_list(
            "customer_code", "contact_id"
        )
    )
    contacts = _contacts_with(connection, customer_codes - set(links))
    found = {code: several[0] for code, several in contacts.items() if len(several) == 1}
    ContactLink.objects.bulk_create(
        ContactLink(
            connection=connection,
            customer_code=code,
            contact_id=contact.key,
            contact_name=contact.name,
            matched_by=MatchedBy.ACCOUNT_NUMBER,
            matched_at=now,
        )
        for code, contact in found.items()
    )
    return {code: str(contact_id) for code, contact_id in links.items()} | {
        code: contact.key for code, contact in found.items()
    }


def ambiguous_numbers(connection: XeroConnection, customer_codes: set[str]) -> set[str]:
    """Those that several active contacts carry as their account number."""
    return {code for code, several in _contacts_with(connection, customer_codes).items() if len(several) > 1}


def _contacts_with(connection: XeroConnection, codes: Iterable[str]) -> dict[str, list[ReferenceRecord]]:
    candidates = ReferenceRecord.objects.filter(
        connection=connection, kind=ReferenceKind.CONTACT, is_active=True, code__in=list(codes)
    )
    by_code: dict[str, list[ReferenceRecord]] = defaultdict(list)
    for contact in candidates:
        by_code[contact.code].append(contact)
    return by_code

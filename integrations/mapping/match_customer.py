"""Which contact a customer is. By the stored link, then by account number; a name is only ever a suggestion (F24)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class MatchKind(StrEnum):
    """What a comparison finds: of a customer, but the last, which is of a contact that is no customer here."""

    MATCHED = "matched"
    KNOWN = "known"
    AMBIGUOUS = "ambiguous"
    SUGGESTED = "suggested"
    UNMATCHED = "unmatched"
    ARCHIVED = "archived"
    RENAMED = "renamed"
    MERGED = "merged"
    NEW_IN_XERO = "new in xero"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedContact:
    """`merged_to`: the contact it was merged into, empty for all others. Such a one is archived too."""

    contact_id: str
    name: str
    is_active: bool
    merged_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerToMatch:
    """`linked_id`, `linked_name`: the contact it was matched with before; `numbered`: those with its account number."""

    code: str
    linked_id: str = ""
    linked_name: str = ""
    numbered: Sequence[ListedContact] = ()
    alike: Sequence[ListedContact] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMatch:
    """`was`: the name of the contact as it was known before, where that changed."""

    code: str
    kind: MatchKind
    contact: ListedContact | None = None
    was: str = ""


def match_customer(customer: CustomerToMatch, contacts: Mapping[str, ListedContact]) -> CustomerMatch:
    """`contacts` by id: the linked one and all that a merge leads to."""
    return _linked(customer, contacts) if customer.linked_id else _unlinked(customer, contacts)


def survivor(contact: ListedContact, contacts: Mapping[str, ListedContact]) -> ListedContact:
    """Where merges lead, as far as is known. A circle, which Xero cannot have, ends where it began."""
    seen = {contact.contact_id}
    while contact.merged_to and contact.merged_to in contacts and contact.merged_to not in seen:
        contact = contacts[contact.merged_to]
        seen.add(contact.contact_id)
    return contact


def _linked(customer: CustomerToMatch, contacts: Mapping[str, ListedContact]) -> CustomerMatch:
    """One that is not listed was created since the contacts were read."""
    contact = contacts.get(customer.linked_id)
    if contact is None:
        return CustomerMatch(code=customer.code, kind=MatchKind.KNOWN)
    now = survivor(contact, contacts)
    if not now.is_active:
        return CustomerMatch(code=customer.code, kind=MatchKind.ARCHIVED, contact=now)
    if now is not contact:
        return CustomerMatch(code=customer.code, kind=MatchKind.MERGED, contact=now, was=contact.name)
    if now.name != customer.linked_name:
        return CustomerMatch(code=customer.code, kind=MatchKind.RENAMED, contact=now, was=customer.linked_name)
    return CustomerMatch(code=customer.code, kind=MatchKind.KNOWN, contact=now)


def _unlinked(customer: CustomerToMatch, contacts: Mapping[str, ListedContact]) -> CustomerMatch:
    active = [contact for contact in customer.numbered if contact.is_active]
    if len(active) > 1:
        return CustomerMatch(code=customer.code, kind=MatchKind.AMBIGUOUS)
    if active:
        return CustomerMatch(code=customer.code, kind=MatchKind.MATCHED, contact=active[0])
    # A number that only a merged contact carries leads to the one that is left, but a person says so.
    left = [now for now in (survivor(one, contacts) for one in customer.numbered) if now.is_active]
    suggested = next(iter([*left, *customer.alike]), None)
    if suggested is not None:
        return CustomerMatch(code=customer.code, kind=MatchKind.SUGGESTED, contact=suggested)
    if customer.numbered:
        return CustomerMatch(code=customer.code, kind=MatchKind.ARCHIVED, contact=customer.numbered[0])
    return CustomerMatch(code=customer.code, kind=MatchKind.UNMATCHED)

"""How sure it is that a document in Xero is one of ours that we did not send. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Any

EXACT, LIKELY, DOUBTFUL, NONE = "exact", "likely", "doubtful", "none"
ORDER = (EXACT, LIKELY, DOUBTFUL, NONE)
GONE = frozenset({"VOIDED", "DELETED"})


class Fit(IntEnum):
    """The best first."""

    EXACT = 1  # number, total and contact
    LIKELY = 2  # number or reference, and the total
    NAMED = 3  # number or reference alone
    SAME_TOTAL = 4  # contact and total


BANDS = {Fit.EXACT: EXACT, Fit.LIKELY: LIKELY, Fit.NAMED: DOUBTFUL, Fit.SAME_TOTAL: DOUBTFUL}
Element = dict[str, Any]
Key = tuple[object, ...]
Claims = dict[Fit, list[Element]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OurDocument:
    """
    What we would have sent. `names`: its number, and those of its shipments, by which Xero may know it; `references`:
    those of the customer. `contact_id` empty: the customer has no contact in Xero yet.
    """

    names: tuple[str, ...]
    references: tuple[str, ...]
    contact_id: str
    contact_name: str
    total: Decimal
    currency: str


def match_documents(ours: Sequence[OurDocument], elements: Sequence[Element]) -> list[tuple[str, Element]]:
    """
    For each of `ours`, in their order, its band and the document of Xero that fits it best; none: an empty one.

    A document in Xero can be only one of ours, and is that which it fits best: whom it fits less looks further. Where
    several fit equally well none is certain, so that is doubtful, and the first of them is shown.
    """
    nearby = _index(elements)
    claims = [_claims(one, nearby) for one in ours]
    found: dict[int, tuple[str, Element]] = {}
    taken: set[str] = set()
    for fit in Fit:
        found |= (settled := _settle(fit, claims, found.keys(), taken))
        taken.update(_id(element) for place in settled for element in claims[place][fit])
    return [found.get(place, (NONE, {})) for place in range(len(ours))]


def judge_adoption(ours: OurDocument, element: Element) -> Fit | None:
    """How one document of Xero fits one of ours; None: not at all."""
    if str(element.get("Status")) in GONE:
        return None
    is_total = _money_key(element) == ("total", ours.total, ours.currency)
    is_named = _folded(element.get("InvoiceNumber")) in {_folded(name) for name in ours.names if name}
    is_referred = not _words(element).isdisjoint(_own_words(ours))
    is_contact = _is_contact(ours, element.get("Contact") or {})
    if is_named and is_total and is_contact:
        return Fit.EXACT
    if (is_named or is_referred) and is_total:
        return Fit.LIKELY
    if is_named or is_referred:
        return Fit.NAMED
    return Fit.SAME_TOTAL if is_contact and is_total else None


def _settle(
    fit: Fit, claims: Sequence[Claims], placed: Collection[int], taken: Collection[str]
) -> dict[int, tuple[str, Element]]:
    """Those that find a document at this step, among what no better fit has taken."""
    wanted = {
        place: [element for element in claim[fit] if _id(element) not in taken]
        for place, claim in enumerate(claims)
        if place not in placed
    }
    claimed = Counter(_id(element) for candidates in wanted.values() for element in candidates)
    return {
        place: (BANDS[fit] if len(candidates) == 1 == claimed[_id(candidates[0])] else DOUBTFUL, candidates[0])
        for place, candidates in wanted.items()
        if candidates
    }


def _claims(ours: OurDocument, nearby: Mapping[Key, list[Element]]) -> Claims:
    keys = [("total", ours.total, ours.currency), *(("word", word) for word in _own_words(ours))]
    close = {_id(element): element for key in keys for element in nearby.get(key, ())}
    claims: Claims = {fit: [] for fit in Fit}
    for element in close.values():
        fit = judge_adoption(ours, element)
        if fit is not None:
            claims[fit].append(element)
    return claims


def _index(elements: Sequence[Element]) -> dict[Key, list[Element]]:
    """By what can make one of ours fit, so that a thousand of ours need not be held against each of thousands."""
    nearby: dict[Key, list[Element]] = defaultdict(list)
    for element in elements:
        words = {*_words(element), _folded(element.get("InvoiceNumber"))}
        for key in (_money_key(element), *(("word", word) for word in words)):
            nearby[key].append(element)
    return nearby


def _money_key(element: Element) -> Key:
    return "total", Decimal(str(element.get("Total", 0))), str(element.get("CurrencyCode"))


def _own_words(ours: OurDocument) -> set[str]:
    return {_folded(name) for name in (*ours.names, *ours.references) if name}


def _words(element: Element) -> set[str]:
    """Of its reference, each and all together."""
    reference = _folded(element.get("Reference"))
    return {*reference.replace(",", " ").replace(";", " ").split(), reference} - {""}


def _is_contact(ours: OurDocument, contact: dict[str, Any]) -> bool:
    if ours.contact_id:
        return str(contact.get("ContactID", "")).lower() == ours.contact_id.lower()
    return bool(ours.contact_name) and _folded(contact.get("Name")) == _folded(ours.contact_name)


def _folded(text: object) -> str:
    return " ".join(str(text or "").split()).casefold()


def _id(element: Element) -> str:
    return str(element.get("InvoiceID", ""))

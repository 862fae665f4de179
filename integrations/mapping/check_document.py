"""What Xero would refuse of a document as a whole, found before it is sent."""

from collections.abc import Iterator

from integrations.mapping.map_contact import map_contact
from integrations.mapping.problems import Problem, problem
from integrations.mapping.rules import OrganisationRules
from integrations.mapping.source import ExportableDocument

LONGEST_NUMBER = 255


def document_problems(source: ExportableDocument, *, rules: OrganisationRules) -> Iterator[Problem]:
    yield from _party(source, rules=rules)
    if not rules.takes_currency(source.currency):
        yield problem("FB-402", source.currency, currency=source.currency)
    if source.base_currency != rules.base_currency:
        yield problem("FB-409", source.base_currency, ours=source.base_currency, theirs=rules.base_currency)
    if rules.lock_date and source.issue_date <= rules.lock_date:
        yield problem("FB-403", source.number, date=f"{source.issue_date}", lock_date=f"{rules.lock_date}")
    if source.total < 0:
        yield problem("FB-405", source.number, total=f"{source.total}")
    if len(source.number) > LONGEST_NUMBER or not source.number.isascii() or not source.number.isprintable():
        yield problem("FB-407", source.number, number=source.number[:60])


def _party(source: ExportableDocument, *, rules: OrganisationRules) -> Iterator[Problem]:
    party = source.party
    contact = rules.contacts.get(party.code)
    if contact is None and not rules.creates_contacts:
        yield problem("FB-201", party.code, customer=party.code, name=party.name)
    elif contact is None and not map_contact(party).name:
        yield problem("FB-204", party.code, customer=party.code)
    elif contact is not None and not contact.is_active:
        yield problem("FB-202", party.code, customer=party.code, contact=contact.name)

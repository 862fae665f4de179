from uuid import UUID

import pytest

from freightbridge.tenancy.models import Tenant
from integrations.models import ContactLink, ReferenceRecord, XeroConnection
from integrations.reference_data.match_contacts import ambiguous_numbers, link_by_account_number
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(in_tenant: Tenant) -> XeroConnection:
    return XeroConnection.objects.create(organisation_id=UUID(int=1), name="Harbour")


def contact(connection: XeroConnection, number: int, code: str, *, is_active: bool = True) -> str:
    ReferenceRecord.objects.create(
        connection=connection, kind="contact", key=str(UUID(int=number)), code=code, name=f"Contact {number}",
        is_active=is_active,
    )  # fmt: skip
    return str(UUID(int=number))


def test_account_number_of_one_active_contact_becomes_a_link(connection: XeroConnection) -> None:
    expected = contact(connection, 1, "ALOK")
    contact(connection, 2, "ALOK", is_active=False)

    found = link_by_account_number(connection, {"ALOK", "NEW"}, now=NOW)

    link = ContactLink.objects.get()
    assert found == {"ALOK": expected}
    assert (link.customer_code, str(link.contact_id), link.contact_name) == ("ALOK", expected, "Contact 1")
    assert (link.matched_by, link.matched_at) == ("account number", NOW)


def test_link_that_stands_is_used_and_not_made_again(connection: XeroConnection) -> None:
    contact(connection, 1, "ALOK")
    link_by_account_number(connection, {"ALOK"}, now=NOW)
    ReferenceRecord.objects.all().delete()

    assert link_by_account_number(connection, {"ALOK"}, now=NOW) == {"ALOK": str(UUID(int=1))}
    assert ContactLink.objects.count() == 1


def test_number_that_two_active_contacts_carry_is_not_guessed_at(connection: XeroConnection) -> None:
    contact(connection, 1, "ALOK")
    contact(connection, 2, "ALOK")
    contact(connection, 3, "OTHER")

    assert link_by_account_number(connection, {"ALOK"}, now=NOW) == {}
    assert ambiguous_numbers(connection, {"ALOK", "OTHER", "NEW"}) == {"ALOK"}


@pytest.mark.parametrize("code", ["alok", "ALOK ", "ALO"])
def test_number_must_be_the_same_to_the_letter(connection: XeroConnection, code: str) -> None:
    contact(connection, 1, code)

    assert link_by_account_number(connection, {"ALOK"}, now=NOW) == {}


def test_empty_set_asks_for_nothing(connection: XeroConnection) -> None:
    contact(connection, 1, "")

    assert link_by_account_number(connection, set(), now=NOW) == {}

"""What one row holds sealed cannot be read from another, nor by another company."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from freightbridge.encryption import SealedValueError
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroConnection, XeroGrant
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def grant(number: int, token: str) -> XeroGrant:
    made = XeroGrant(xero_user_id=UUID(int=number), expires_at=NOW + timedelta(hours=1), refreshed_at=NOW)
    made.refresh_token = token
    made.save()
    return made


def test_text_is_read_back_from_the_table(in_tenant: Tenant) -> None:
    grant(1, "the token")

    assert XeroGrant.objects.get().refresh_token == "the token"


def test_table_holds_no_readable_secret(in_tenant: Tenant) -> None:
    grant(1, "the token")

    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_token_sealed FROM integrations_xerogrant")
        (sealed,) = cursor.fetchone()
    assert b"the token" not in bytes(sealed)


def test_secret_moved_to_another_row_does_not_open(in_tenant: Tenant) -> None:
    first, second = grant(1, "one"), grant(2, "two")
    XeroGrant.objects.filter(pk=second.pk).update(refresh_token_sealed=first.refresh_token_sealed)

    with pytest.raises(SealedValueError):
        _ = XeroGrant.objects.get(pk=second.pk).refresh_token


def test_secret_moved_to_another_column_does_not_open(in_tenant: Tenant) -> None:
    one = grant(1, "one")
    XeroGrant.objects.update(access_token_sealed=one.refresh_token_sealed)

    with pytest.raises(SealedValueError):
        _ = XeroGrant.objects.get().access_token


def test_secret_of_another_company_does_not_open(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        stolen = bytes(grant(1, "one").refresh_token_sealed)
    with tenant_scope(other_tenant):
        theirs = grant(1, "")
        XeroGrant.objects.filter(pk=theirs.pk).update(refresh_token_sealed=stolen)

        with pytest.raises(SealedValueError):
            _ = XeroGrant.objects.get().refresh_token


@pytest.mark.parametrize("text", ["", "ü" * 5000])
def test_any_text_can_be_kept(in_tenant: Tenant, text: str) -> None:
    grant(1, text)

    assert XeroGrant.objects.get().refresh_token == text


def test_empty_text_is_kept_as_nothing(in_tenant: Tenant) -> None:
    grant(1, "")

    assert bytes(XeroGrant.objects.get().refresh_token_sealed) == b""


def test_attribute_of_the_class_is_the_descriptor() -> None:
    assert type(XeroConnection.identity_key).__name__ == "SealedText"

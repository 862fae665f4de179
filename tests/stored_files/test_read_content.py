from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.stored_files.models import StoredFile
from freightbridge.stored_files.read_content import PIECE, read_content
from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import NOW, make_tenant


@pytest.mark.django_db
@pytest.mark.parametrize("size", [0, 10, PIECE - 1, PIECE, 2 * PIECE + 3])
def test_bytes_come_as_they_were_stored(in_tenant: Tenant, size: int) -> None:
    content = Random(size).randbytes(size)  # noqa: S311 no secret
    kept = store_file(content, content_type="text/csv", now=NOW)

    assert read_content(kept.pk) == content


@pytest.mark.django_db
def test_small_file_takes_one_query(in_tenant: Tenant) -> None:
    kept = store_file(b"Number,Goods", content_type="text/csv", now=NOW)

    with CaptureQueriesContext(connection) as asked:
        read_content(kept.pk)

    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_file_of_another_company_is_not_there(tenant: Tenant) -> None:
    with tenant_scope(make_tenant("other")):
        kept = store_file(b"Number,Goods", content_type="text/csv", now=NOW)

    with tenant_scope(tenant), pytest.raises(StoredFile.DoesNotExist):
        read_content(kept.pk)

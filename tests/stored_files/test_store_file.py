import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from freightbridge.stored_files.models import StoredFile
from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import NOW

PDF = b"%PDF-1.7\x00\xff"


def store(content: bytes = PDF) -> StoredFile:
    return store_file(content, content_type="application/pdf", now=NOW)


@pytest.mark.django_db
def test_bytes_are_kept_as_they_are(in_tenant: Tenant) -> None:
    store()

    kept = StoredFile.objects.get()
    assert (bytes(kept.content), kept.size, kept.content_type, kept.stored_at) == (PDF, 10, "application/pdf", NOW)
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.django_db
def test_same_bytes_are_kept_once(in_tenant: Tenant) -> None:
    assert store() == store()
    assert store(b"other") != store()
    assert StoredFile.objects.count() == 2


@pytest.mark.django_db
def test_same_bytes_of_two_companies_are_kept_apart(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        ours = store()
    with tenant_scope(other_tenant):
        theirs = store()

    assert ours.pk != theirs.pk


@pytest.mark.django_db(transaction=True)
def test_same_bytes_stored_at_once_are_kept_once(tenant: Tenant) -> None:
    def work(_number: int) -> int:
        try:
            with tenant_scope(tenant):
                return store().pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(work, range(8)))

    assert len(kept) == 1

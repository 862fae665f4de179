"""No list reads a table from end to end: what it shows, searches and counts is found by an index, as the app's role."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.benchmarks.many_shipments import fill_companies
from tests.list_addresses import list_addresses
from tests.list_plans import reads_of
from tests.list_queries import ListQuery, queries_of
from tests.web.page_company import visitor

# In tables as small as these they are cheaper than an index, and in large ones they read everything.
DEARER = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
SEEDS, SHIPMENTS = 100, 3_000
# Counting stops at a thousand, on the way to which others are passed by.
ALLOWED = 1_500
# They add up what waits or what is open, however much it is.
SUMS = {"attention", "attention_count", "attention_top", "receivables"}
# What a search found, five hundred of each kind at most, is a large part of a company as small as this.
BY_FOUND_IDS = ("ANY(%s::bigint[])", '"document_id" IN ')


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    """Of two that are alike."""
    filled = fill_companies({"acme-freight": SHIPMENTS, "rival-lines": SHIPMENTS}, seeds=SEEDS)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return filled["acme-freight"]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_every_query_of_every_list_begins_at_an_index(tenant: Tenant) -> None:
    queries = list(_queries(tenant))
    with tenant_scope(tenant), connection.cursor() as cursor:
        for setting in DEARER:
            cursor.execute(f"SET LOCAL {setting} = off")
        long_reads = [read for query in queries for read in _long_reads(query)]

    assert len(queries) > 200
    assert not long_reads, "\n".join(long_reads)


def _queries(tenant: Tenant) -> Iterator[ListQuery]:
    """Each once, whatever address asks for it."""
    person, seen = visitor(tenant, "operator"), set[str]()
    for address in list_addresses(tenant):
        for query in queries_of(person, address):
            if (text := f"{query.sql} {query.values}") not in seen:
                seen.add(text)
                yield query


def _long_reads(query: ListQuery) -> Iterator[str]:
    for read in reads_of(query):
        is_whole = not read.index and read.rows > SEEDS
        if is_whole or (read.rows > ALLOWED and not _may_read_on(query)):
            yield f"{query.address}: {read.rows} rows of {read.table} by {read.index or 'no index'}: {query.sql[:200]}"


def _may_read_on(query: ListQuery) -> bool:
    is_search = "q" in query.address.query
    return query.address.page in SUMS or (is_search and any(words in query.sql for words in BY_FOUND_IDS))

"""The accounting log by user and by HTTP status, on the page and as a file."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, SyncAttempt, XeroConnection
from invoices.web import accounting_log_download
from tests.conftest import NOW
from tests.web.page_company import Visitor, assessed, company, sent

MIA, BOB = "mia@example.com", "bob@example.com"
FILE_QUERIES = 16


def happened(tenant: Tenant, text: str, *, status: int | None = None, is_call: bool = True, **fields: Any) -> None:
    """Each later than those before it, so that the order is known."""
    with tenant_scope(tenant):
        at = NOW + timedelta(minutes=AccountingLogEntry.objects.count())
        attempt = None
        if is_call:
            attempt = SyncAttempt.objects.create(
                connection=XeroConnection.objects.get(), step="create", generation=1, fence=1, method="PUT",
                path="/api.xro/2.0/Invoices", idempotency_key=text, body=b"{}", body_sha256="0" * 64, sent_at=at,
                finished_at=at, http_status=status,
            )  # fmt: skip
        entry = {"at": at, "attempt": attempt, "result": "info", "event": "created", "text": text, **fields}
        AccountingLogEntry.objects.create(**entry)


def found_nothing(tenant: Tenant) -> None:
    calls = [
        {"method": "GET", "path": f"/{one}?page=1", "status": 304, "seconds": 0.1} for one in ("Invoices", "Notes")
    ]
    happened(
        tenant, "Word of nothing", is_call=False, direction="poll", actor="Xero", has_news=False,
        details={"calls": calls},
    )  # fmt: skip


@pytest.fixture
def log(tenant: Tenant) -> None:
    company(tenant)
    happened(tenant, "Word accepted", status=200)
    happened(tenant, "Word refused", status=400)
    happened(tenant, "Word throttled", status=429)
    happened(tenant, "Word broken", status=503)
    happened(tenant, "Word silent")
    happened(tenant, "Word of a payment", is_call=False, actor="Xero", direction="webhook")
    happened(tenant, "Word of another", is_call=False, actor="Xero", direction="poll")
    happened(tenant, "Word by Mia", is_call=False, actor=MIA)
    happened(tenant, "Word by Bob", is_call=False, actor=BOB, result="failed")


def downloaded(person: Visitor, **query: Any) -> list[dict[str, str]]:
    answer = person.get("accounting_logs_download", **query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("words", [{}, {"q": "word"}])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "2xx"}, ["accepted"]),
        ({"status": "4xx"}, ["throttled", "refused"]),
        ({"status": "429"}, ["throttled"]),
        ({"status": "5xx"}, ["broken"]),
        ({"status": "none"}, ["silent"]),
        ({"actor": MIA}, ["by Mia"]),
        ({"actor": "nobody@example.com"}, []),
        ({"actor": "system"}, ["silent", "broken", "throttled", "refused", "accepted"]),
        ({"actor": BOB, "result": "failed"}, ["by Bob"]),
        ({"actor": MIA, "status": "2xx"}, []),
        ({"direction": "webhook"}, ["of a payment"]),
        ({"direction": "poll"}, ["of another"]),
        ({"direction": "out", "status": "2xx"}, ["accepted"]),
        ({"direction": "poll", "status": "2xx"}, []),
    ],
)
def test_page_and_file_are_filtered_alike_by_user_and_status(
    tenant: Tenant, operator: Visitor, log: None, query: dict[str, str], found: list[str], words: dict[str, str]
) -> None:
    page = operator.text("accounting_logs", **query, **words)

    assert [row["What happened"] for row in downloaded(operator, **query, **words)] == [f"Word {one}" for one in found]
    assert page.count('<td class="wide-cell">') == len(found)
    assert all(f"Word {one}" in page for one in found)


@pytest.mark.parametrize("query", [{}, {"q": "word"}, {"direction": "poll"}, {"actor": "Xero", "q": "word"}])
def test_checks_without_news_are_left_out_unless_they_are_asked_for(
    tenant: Tenant, operator: Visitor, log: None, query: dict[str, str]
) -> None:
    found_nothing(tenant)

    usual = [row["What happened"] for row in downloaded(operator, **query)]
    shown = [row["What happened"] for row in downloaded(operator, **query, checks="shown")]
    pages = [operator.text("accounting_logs", **query, **more) for more in ({}, {"checks": "shown"})]

    assert shown == ["Word of nothing", *usual]
    assert ["Word of nothing" in page for page in pages] == [False, True]


def test_check_without_news_says_what_was_asked(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    found_nothing(tenant)
    with tenant_scope(tenant):
        key = AccountingLogEntry.objects.get().public_id

    page = operator.text("accounting_logs", checks="shown", entry=str(key))
    (row,) = downloaded(operator, checks="shown")

    assert '<option value="shown" selected>Shown too</option>' in page
    assert "<code>GET /Invoices?page=1 · 304 · 0.10 s</code> and 1 more" in page
    assert "<li><code>GET /Notes?page=1 · 304 · 0.10 s</code></li>" in page
    assert (row["Call"], row["HTTP status"], row["Call is kept"]) == ("GET /Invoices?page=1 · 304 · 0.10 s", "304", "")


def test_words_are_looked_for_among_what_the_filters_leave(tenant: Tenant, operator: Visitor, log: None) -> None:
    """Five hundred newer entries with the word would hide the one that is asked for."""
    with tenant_scope(tenant):
        newer = {
            "at": NOW + timedelta(days=1),
            "result": "info",
            "event": "created",
            "text": "Word again",
            "actor": BOB,
        }
        accepted = SyncAttempt.objects.get(http_status=200)
        AccountingLogEntry.objects.bulk_create(AccountingLogEntry(attempt=accepted, **newer) for _ in range(501))

    assert "Word by Mia" in operator.text("accounting_logs", q="word", actor=MIA)
    assert "Word broken" in operator.text("accounting_logs", q="word", status="5xx")
    assert "Word of a payment" in operator.text("accounting_logs", q="word", direction="webhook")


def test_status_is_said_to_be_that_of_what_is_sent(tenant: Tenant, operator: Visitor, log: None) -> None:
    """A check asks several times, with a status each: no one of them is the check's."""
    calls = [{"method": "GET", "path": "/Invoices", "status": 503, "seconds": 0.1}]
    happened(tenant, "Word of a check", is_call=False, direction="poll", details={"calls": calls})
    page = operator.text("accounting_logs", status="5xx")

    assert "Word of a check" not in page
    assert 'are left out here: choose their direction instead, <a href="?direction=poll">Payment poll</a>' in page
    assert "Word of a check" in operator.text("accounting_logs", direction="poll")
    assert "are left out here" not in operator.text("accounting_logs", direction="poll")


@pytest.mark.parametrize(
    "query", [{"from_date": "soon"}, {"status": "teapot"}, {"result": "odd", "code": "odd"}, {"direction": "up"}]
)
def test_filter_that_means_nothing_filters_nothing(
    tenant: Tenant, operator: Visitor, log: None, query: dict[str, str]
) -> None:
    assert len(downloaded(operator, q="word", **query)) == 9


def test_users_of_the_log_are_offered(tenant: Tenant, operator: Visitor, log: None) -> None:
    page = operator.text("accounting_logs", actor="mona@example.com")

    for offered in (f'"{BOB}"', f'"{MIA}"', '"mona@example.com" selected', '"system"'):
        assert f"<option value={offered}>" in page


def test_file_says_what_the_page_says(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, number="SHP-1"))
    happened(tenant, "=1+1", status=400, problem_code="FB-501", details={"xero": "Odd"}, actor=MIA)

    ours, done, _ = downloaded(operator)

    assert ours["What happened"] == "'=1+1"
    assert (ours["Xero's words"], ours["Code"], ours["HTTP status"], ours["User"]) == ("Odd", "FB-501", "400", MIA)
    assert done == {
        "When": "2026-03-02T20:30:00+11:00", "Document": "INV-00001", "Shipments": "SHP-1", "Result": "Done",
        "Direction": "Out", "Event": "created", "What happened": "Xero has it.", "Xero's words": "",
        "User": "", "Send": "1", "Call": "PUT /Invoices · 200 · 1.00 s",
        "HTTP status": "200", "Call is kept": "in full", "Code": "", "Support code": "FB-0123456789AB",
    }  # fmt: skip


def test_page_leads_to_the_file_of_what_it_shows(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    chosen, other = assessed(tenant, 2)
    sent(tenant, [chosen, other])
    query = {"shipment": str(chosen.public_id), "status": "2xx"}

    page = operator.text("accounting_logs", **query)

    assert f'logs/download/?shipment={chosen.public_id}&amp;status=2xx&amp;"' in page
    rows = downloaded(operator, **query)
    assert [(row["Document"], row["Shipments"]) for row in rows] == [("INV-00001", chosen.number)]
    assert f'/find/?q={chosen.number}">{chosen.number}</a>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_file_takes_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, count))

    with CaptureQueriesContext(connection) as queries:
        assert len(downloaded(operator)) == 2 * count

    assert len(queries) == FILE_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_more_than_a_file_holds_is_said_and_not_cut(
    tenant: Tenant, operator: Visitor, log: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounting_log_download, "MOST_ROWS", 4)

    answer = operator.get("accounting_logs_download", actor="system")

    assert (answer.status_code, answer["Location"]) == (302, "/o/acme-freight/logs/?actor=system")
    assert "A file has 4 entries at most" in operator.text("accounting_logs")
    assert len(downloaded(operator, status="4xx")) == 2

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, SyncAttempt, SyncJob
from integrations.web.accounting_log_pages import PANEL
from integrations.web.attempt_view import pretty
from tests.web.page_company import Visitor, assessed, company, sent

QUERIES, PANEL_QUERIES = 16, 14


def texts(page: str) -> list[str]:
    return re.findall(r'<td class="wide-cell">([^<]+)', page)


@pytest.mark.parametrize("count", [1, 3])
def test_log_takes_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, count))

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("accounting_logs")

    assert len(texts(page)) == 2 * count
    assert len(queries) == QUERIES, "\n".join(query["sql"][:150] for query in queries)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 4),
        ({"result": "done"}, 2),
        ({"result": "failed"}, 0),
        ({"code": "FB-301"}, 0),
        ({"q": "INV-00001"}, 2),
        ({"q": "fb-0123456789ab"}, 2),
        ({"q": "xero has"}, 2),
        ({"from_date": "2026-03-02", "to_date": "2026-03-02"}, 4),
        ({"from_date": "2026-03-03"}, 0),
        ({"to_date": "2026-03-01"}, 0),
    ],
)
def test_log_is_filtered_by_result_code_words_and_day(
    tenant: Tenant, operator: Visitor, query: dict[str, str], found: int
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, 2))

    assert len(texts(operator.text("accounting_logs", **query))) == found


def test_log_of_selected_shipments_leaves_the_others_out(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    chosen, other = assessed(tenant, 2)
    sent(tenant, [chosen, other])

    page = operator.text("accounting_logs", shipment=str(chosen.public_id))

    assert len(texts(page)) == 2
    assert "Of 1 selected shipment" in page


def test_entry_names_the_send_it_was_part_of_and_which_way_it_went(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))

    page = operator.text("accounting_logs")

    assert page.count('<a href="/o/acme-freight/sends/1/">Send 1</a>') == 2
    assert page.count("created · Out</div>") == 1


def test_log_of_nonsense_is_refused(tenant: Tenant, operator: Visitor) -> None:
    assert operator.get("accounting_logs", shipment="nonsense").status_code == 400


def entry_of_call(tenant: Tenant) -> AccountingLogEntry:
    with tenant_scope(tenant):
        return AccountingLogEntry.objects.filter(attempt__isnull=False).select_related("attempt").latest("id")


def panel(person: Visitor, entry: AccountingLogEntry) -> str:
    return person.get("accounting_logs", part=PANEL, entry=str(entry.public_id)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_entry_opens_beside_the_list_with_its_documents_own_part_of_the_call(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    company(tenant)
    *others, shipment = assessed(tenant, count)
    sent(tenant, [*others, shipment])
    entry = entry_of_call(tenant)

    with CaptureQueriesContext(connection) as queries:
        text = panel(operator, entry)

    assert "<html" not in text
    assert 'id="list"' not in text
    for shown in (
        f"INV-{count:05}: created",
        "Xero has it.",
        f">{shipment.number}</a>",
        "Send 1",
        "document 1 of 1 in this",
    ):
        assert shown in text
    assert "{\n  &quot;Total&quot;: 1\n}" in text
    assert f"/logs/calls/{entry.attempt.public_id}/raw/" in text
    assert len(queries) == PANEL_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_address_of_an_open_entry_shows_the_list_and_it(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    entry = entry_of_call(tenant)

    page = operator.text("accounting_logs", result="done", entry=str(entry.public_id))
    closed = operator.text("accounting_logs", result="done")

    assert len(texts(page)) == 1
    assert re.search(r'<dialog class="side-panel"[^>]* open>', page)
    assert 'href="?result=done&amp;" data-close-panel' in page
    assert "document 1 of 1 in this call" in page
    assert 'logs/download/?result=done&amp;"' in page
    assert f'href="?result=done&amp;entry={entry.public_id}" id="open-{entry.public_id}"' in closed
    assert "<details" not in closed
    assert not re.search(r"<dialog[^>]* open>", closed)


def test_entry_without_a_call_opens_too(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        queued = AccountingLogEntry.objects.get(attempt=None)

    text = panel(operator, queued)

    assert "Queued for Harbour" in text
    assert "Answered" not in text


def test_entry_of_another_company_is_as_one_that_never_was(
    tenant: Tenant, other_tenant: Tenant, operator: Visitor
) -> None:
    company(other_tenant)
    sent(other_tenant, assessed(other_tenant))
    foreign = entry_of_call(other_tenant)

    assert operator.get("accounting_logs", entry=str(foreign.public_id)).status_code == 404
    assert operator.get("accounting_logs", part=PANEL, entry=str(foreign.public_id)).status_code == 404
    assert operator.get("accounting_logs", entry="nonsense").status_code == 400


def test_call_shows_the_documents_own_part(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        attempt, job = SyncAttempt.objects.get(), SyncJob.objects.get()

    page = operator.client.get(
        f"/o/acme-freight/logs/calls/{attempt.public_id}/", {"job": str(job.public_id)}, headers={"HX-Request": "true"}
    ).content.decode()

    assert "document 1 of 1 in this call" in page
    assert "200 after 1.00 s: applied" in page
    assert "{\n  &quot;Total&quot;: 1\n}" in page
    assert "<html" not in page


def test_call_has_a_page_of_its_own_with_all_of_it(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        attempt = SyncAttempt.objects.get()

    page = operator.text("attempt", attempt.public_id)
    assert f'data-copy="{attempt.idempotency_key}"' in page

    assert "&quot;Invoices&quot;: [" in page
    assert "PUT /api.xro/2.0/Invoices?unitdp=4" in page


@pytest.mark.parametrize(
    ("text", "position", "shown"),
    [
        ({"Invoices": [{"A": 1}, {"B": 2}]}, 1, {"B": 2}),
        ({"Invoices": [{"A": 1}]}, 7, {"Invoices": [{"A": 1}]}),
        ({"Invoices": [{"A": 1}]}, None, {"Invoices": [{"A": 1}]}),
        ({"access_token": "eyJhbGciOi.abc.def", "Total": 1}, None, {"access_token": "[hidden]", "Total": 1}),
    ],
)
def test_pretty_shows_one_of_a_list_and_hides_secrets(text: Any, position: int | None, shown: Any) -> None:
    assert json.loads(pretty(json.dumps(text), position=position)) == shown


def test_pretty_leaves_what_is_no_json_as_it_is_but_for_secrets() -> None:
    assert pretty("Bearer abcdefghijk <html>", position=0) == "Bearer [hidden] <html>"


def test_log_shows_xeros_own_words_beside_ours(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        job = SyncJob.objects.get()
        AccountingLogEntry.objects.create(
            at=job.created_at, document_id=job.document_id, job=job, result="failed", event="rejected",
            text="Refused.", problem_code="FB-501", details={"xero": "Something <b>odd</b>"},
        )  # fmt: skip

    page = operator.text("accounting_logs", result="failed")

    assert "<q>Something &lt;b&gt;odd&lt;/b&gt;</q>" in page
    assert "<code>FB-501</code>" in page

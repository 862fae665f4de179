import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, SyncAttempt, SyncJob
from integrations.web.attempt_view import pretty
from tests.web.page_company import Visitor, assessed, company, sent

QUERIES = 16


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

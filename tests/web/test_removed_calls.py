"""What pages say of a call whose bytes grew too old: words in their place, everywhere."""

import csv
import io
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.forget_old_calls import forget_old_calls
from integrations.models import SyncAttempt, XeroDocument
from tests.web.page_company import Visitor, assessed, company, sent
from tests.web.test_overview_page import words
from tests.web.test_support_pages import REASON, search, staff

__all__ = ["staff"]
pytestmark = pytest.mark.django_db
REMOVED = "The request and the answer were removed on"
KEPT = "Kept in full for 90 days; older calls are kept as a summary"


@pytest.fixture
def old_call(tenant: Tenant) -> SyncAttempt:
    """Removed; a young one stands beside it."""
    at = read_clock() - timedelta(days=91)
    company(tenant)
    sent(tenant, assessed(tenant), call={"sent_at": at, "finished_at": at})
    sent(tenant, assessed(tenant), call={"sent_at": read_clock(), "finished_at": read_clock()})
    forget_old_calls(Work(tenant_id=tenant.pk, subject_id=tenant.pk))
    with tenant_scope(tenant):
        return SyncAttempt.objects.get(raw_removed_at__isnull=False)


def young_one(tenant: Tenant) -> SyncAttempt:
    with tenant_scope(tenant):
        return SyncAttempt.objects.get(raw_removed_at=None)


def test_page_of_a_removed_call_says_so_and_keeps_the_summary(operator: Visitor, old_call: SyncAttempt) -> None:
    text = words(unescape(operator.text("attempt", old_call.public_id)))

    assert REMOVED in text
    assert "SHA-256 of what was sent is kept: " + "0" * 64 in text
    assert "PUT /api.xro/2.0/Invoices?unitdp=4" in text
    assert "FB-0123456789AB" in text
    assert "Answered" not in text


def test_plain_text_of_a_call_is_all_of_it_or_says_why_not(
    tenant: Tenant, operator: Visitor, old_call: SyncAttempt
) -> None:
    young = operator.get("raw_attempt", young_one(tenant).public_id)
    old = operator.get("raw_attempt", old_call.public_id)

    assert young["Content-Type"] == old["Content-Type"] == "text/plain; charset=utf-8"
    assert young.content.decode() == (
        'PUT /api.xro/2.0/Invoices?unitdp=4\n\n{\n  "Invoices": [\n    {\n      "Total": 1\n    }\n  ]\n}\n\n'
        '200 after 0.00 s\n\n{\n  "Invoices": [\n    {\n      "Status": "DRAFT"\n    }\n  ]\n}\n'
    )
    assert REMOVED in old.content.decode()


def test_log_says_how_long_calls_are_kept_and_its_file_which_are(
    tenant: Tenant, operator: Visitor, old_call: SyncAttempt
) -> None:
    assert KEPT in operator.text("accounting_logs")
    assert KEPT.partition(";")[0] in operator.text("attempt", young_one(tenant).public_id)
    rows = csv.DictReader(io.StringIO(operator.get("accounting_logs_download").content.decode("utf-8-sig")))
    assert sorted(row["Call is kept"] for row in rows) == ["", "", "as a summary", "in full"]


@pytest.mark.django_db(transaction=True)
def test_support_reads_why_there_is_nothing_to_replay(tenant: Tenant, staff: Client, old_call: SyncAttempt) -> None:
    with tenant_scope(tenant):
        number = XeroDocument.objects.order_by("id")[0].number

    page = unescape(search(staff, number))
    answer = staff.post(f"/support/replay/acme-freight/{old_call.public_id}/", {"reason": REASON})

    assert REMOVED in page
    assert "No replay: The request and the answer were removed after 90 days" in page
    assert answer.status_code == 200
    assert "so there is nothing to send again" in answer.content.decode()

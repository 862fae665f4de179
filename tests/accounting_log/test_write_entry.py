import pytest

from freightbridge.observability.correlation import correlated
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError
from integrations.accounting_log.write_entry import connection_entry, job_entry, problem_entry, write_entries
from integrations.job_states import LogResult
from integrations.mapping.problems import problem
from integrations.models import AccountingLogEntry, SyncJob, XeroConnection
from tests.conftest import NOW
from tests.rolled_back import roll_back


def job() -> SyncJob:
    return SyncJob(connection_id=1, document_id=2, correlation_id="FB-OF-THE-JOB")


@pytest.mark.django_db
def test_entry_of_a_job_stands_at_its_document(in_tenant: Tenant) -> None:
    entry = job_entry(job(), result=LogResult.DONE, event="created", text="x" * 2000, now=NOW, actor="mia")

    assert (entry.connection_id, entry.document_id, entry.correlation_id) == (1, 2, "FB-OF-THE-JOB")
    assert (entry.text, entry.actor, entry.result) == ("x" * 1000, "mia", "done")


@pytest.mark.django_db
def test_problem_is_told_in_our_words_in_impexdocs_and_in_xeros(in_tenant: Tenant) -> None:
    told = problem("FB-201", "ALOK", customer="ALOK", xero="Contact not found.")

    entry = problem_entry(job(), told, event="rejected", now=NOW)

    assert entry.text.startswith("No contact in Xero has the account number ALOK")
    assert (entry.problem_code, entry.result) == ("FB-201", "failed")
    assert entry.details == {
        "problem": {"code": "FB-201", "subject": "ALOK", "words": {"customer": "ALOK", "xero": "Contact not found."}},
        "alias": "Customer.Name(ALOK) : not found in XERO(Customer.Name).",
        "xero": "Contact not found.",
    }


@pytest.mark.django_db
def test_entry_of_a_connection_hides_secrets(in_tenant: Tenant) -> None:
    with correlated("FB-TEST-1234"):
        entry = connection_entry(
            XeroConnection(name="Harbour"), result=LogResult.INFO, event="x", text="x", now=NOW, refresh_token="secret",
            scopes=["openid"],
        )  # fmt: skip

    assert entry.details == {"refresh_token": "[hidden]", "scopes": ["openid"]}
    assert entry.correlation_id == "FB-TEST-1234"


@pytest.mark.django_db(transaction=True)
def test_entries_stand_with_what_they_tell_of_or_not_at_all(tenant: Tenant) -> None:
    roll_back(tenant, lambda: write_entries([AccountingLogEntry(at=NOW, result="info", event="x", text="x")]))

    with tenant_scope(tenant):
        assert AccountingLogEntry.objects.count() == 0
    with pytest.raises(TransactionError):
        write_entries([])

"""After a call its jobs are read once more: a person may have acted while Xero was working."""

import pytest
from pytest_django import DjangoAssertNumQueries

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import Step
from integrations.models import SyncJob
from integrations.outbox.due_jobs import load_again, load_jobs
from integrations.outbox.steps.lost_accounts import lost_accounts
from tests.conftest import NOW
from tests.web.page_company import assessed, company, sent

pytestmark = pytest.mark.django_db
# Whether the step needs what the document was mapped to.
READ = {Step.CONTACT: False, Step.CREATE: True, Step.ATTACH: False, Step.PROMOTE: True}


@pytest.mark.parametrize("step", READ)
def test_job_is_as_it_is_now_and_its_lines_as_they_were_sent(
    tenant: Tenant, step: Step, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, 2), state="queued")
    with tenant_scope(tenant):
        before = load_jobs(tuple(SyncJob.objects.order_by("-id").values_list("pk", flat=True)), step=step)
        lines = [job.__dict__.get("mapped") for job in before]
        SyncJob.objects.update(mapped={}, cancel_requested_at=NOW)

        with django_assert_num_queries(1):
            now = load_again(before)

        assert [job.pk for job in now] == [job.pk for job in before]
        assert [job.cancel_requested_at for job in now] == [NOW, NOW]
        assert [job.__dict__.get("mapped") for job in now] == lines
        assert all(lines) == READ[step]


def test_answer_that_lost_nothing_is_concluded_without_a_query(
    tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant), state="queued")
    with tenant_scope(tenant):
        (job,) = load_jobs(tuple(SyncJob.objects.values_list("pk", flat=True)), step=Step.CREATE)
        answered = [{"AccountCode": line["account_code"]} for line in job.mapped["lines"]]

        with django_assert_num_queries(0):
            assert lost_accounts(job, {"LineItems": answered}) == ()

"""What a bug of ours would do to a job, the database refuses."""

import uuid
from typing import Any

import pytest
from django.db import InternalError, transaction

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import OrganisationLane, SyncJob, XeroDocument
from tests.sending import company, send_all, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def refused(tenant: Tenant, model: Any, match: str, **changes: Any) -> None:
    with tenant_scope(tenant), pytest.raises(InternalError, match=match), transaction.atomic():
        model.objects.update(**changes)


def test_guards_of_the_database_hold(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    send_all(tenant)

    refused(tenant, SyncJob, "The id that Xero gave is set once", xero_id=uuid.uuid4())
    refused(tenant, XeroDocument, "The id that Xero gave is set once", xero_id=None)
    refused(tenant, SyncJob, "does not go from done to queued", state="queued")
    refused(tenant, OrganisationLane, "does not fall", fence=0)
    with tenant_scope(tenant):
        SyncJob.objects.update(state="done")


def test_unknown_job_is_not_cancelled_without_being_asked(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("lost_answer", method="PUT", path="/Invoices", times=1)
    send_all(tenant)

    refused(tenant, SyncJob, "does not go from unknown to cancelled", state="cancelled")
    with tenant_scope(tenant):
        SyncJob.objects.update(cancel_requested_at=read_clock())
        SyncJob.objects.update(state="cancelled")

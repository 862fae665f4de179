"""Crashes and races: whatever happens, every row is imported once and reported once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connections

from freightbridge.background_work.work_kinds import Again, Queue, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Customer, Shipment, ShipmentCharge, SourceRow, Upload
from invoices.models.upload import UploadState
from invoices.workflows import walk_upload
from invoices.workflows.import_upload import import_upload, start_import
from tests.addresses import app_url, owner_url
from tests.workflows.uploads import check, company, fresh, jobs, line, report, run

WORKER = Path(__file__).with_name("upload_worker.py")
ROOT = Path(__file__).parents[2]
SHIPMENTS = 60
CONTENT = jobs(
    *(line(f"S-{n}", Customer_Code=f"C-{n % 7}", Customer_Name=f"Customer {n % 7}") for n in range(SHIPMENTS)),
    *(line(f"S-{n}", "THC", Customer_Code=f"C-{n % 7}") for n in range(SHIPMENTS)),
)
pytestmark = pytest.mark.django_db(transaction=True)


def confirmed(tenant: Tenant, content: bytes = CONTENT, *, times: int = 1) -> list[Upload]:
    """Uploads of this content, each waiting for a worker to import it."""
    person = company(tenant)
    uploads = [check(tenant, content, by=person) for _ in range(times)]
    with tenant_scope(tenant):
        for upload in uploads:
            start_import(upload, by=person, now=read_clock())
    return uploads


def work_on(upload: Upload) -> Work:
    return Work(tenant_id=upload.tenant_id, subject_id=upload.pk)


def everything(tenant: Tenant) -> list[int]:
    with tenant_scope(tenant):
        return [model.objects.count() for model in (Shipment, ShipmentCharge, SourceRow, Customer)]


def wait_until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def test_killed_import_goes_on_where_it_was_and_reports_the_same(tenant: Tenant) -> None:
    (upload,) = confirmed(tenant)
    foretold = report(tenant, upload)
    environment = {**os.environ, "DATABASE_URL": app_url(), "DATABASE_OWNER_URL": owner_url(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(WORKER), str(tenant.pk), str(upload.pk)]
    worker = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        wait_until(lambda: fresh(tenant, upload).shipments_done >= 5)
    finally:
        worker.kill()
        worker.wait()
    killed = fresh(tenant, upload)

    import_upload(work_on(upload))

    done = fresh(tenant, upload)
    assert 0 < killed.shipments_done < SHIPMENTS
    assert (done.state, done.rows_done) == (UploadState.DONE, 2 * SHIPMENTS)
    assert report(tenant, upload) == foretold
    assert everything(tenant) == [SHIPMENTS, 2 * SHIPMENTS, 2 * SHIPMENTS, 7]


def test_stretch_that_is_over_goes_on_in_the_next(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    (upload,) = confirmed(tenant)
    monkeypatch.setattr(walk_upload, "CHUNK", 25)
    monkeypatch.setattr(walk_upload, "STRETCH_SECONDS", 0.001)

    stretches = 0
    while isinstance(import_upload(work_on(upload)), Again):
        stretches += 1

    assert stretches == 3
    assert fresh(tenant, upload).state == UploadState.DONE
    assert everything(tenant) == [SHIPMENTS, 2 * SHIPMENTS, 2 * SHIPMENTS, 7]


def in_threads(*calls: Callable[[], Any]) -> None:
    def call_and_close(call: Callable[[], Any]) -> None:
        try:
            call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        for future in [pool.submit(call_and_close, call) for call in calls]:
            future.result()


def test_two_workers_on_one_upload_import_every_row_once(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    (upload,) = confirmed(tenant)
    foretold = report(tenant, upload)
    monkeypatch.setattr(walk_upload, "CHUNK", 3)

    in_threads(*[lambda: import_upload(work_on(upload))] * 2)

    assert fresh(tenant, upload).rows_done == 2 * SHIPMENTS
    assert report(tenant, upload) == foretold
    assert everything(tenant) == [SHIPMENTS, 2 * SHIPMENTS, 2 * SHIPMENTS, 7]


def test_same_file_imported_twice_at_once_comes_in_once(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = confirmed(tenant, times=2)
    monkeypatch.setattr(walk_upload, "CHUNK", 10)

    def until_done(upload: Upload) -> None:
        """As the worker repeats what failed: the loser of a race finds what the winner wrote."""
        for _ in range(20):
            try:
                import_upload(work_on(upload))
            except (IntegrityError, OperationalError):
                connections.close_all()
            else:
                return

    in_threads(*[lambda upload=upload: until_done(upload) for upload in uploads])

    assert [fresh(tenant, upload).state for upload in uploads] == [UploadState.DONE] * 2
    assert everything(tenant) == [SHIPMENTS, 2 * SHIPMENTS, 2 * SHIPMENTS, 7]
    outcomes = [outcome for upload in uploads for _, _, outcome, _ in report(tenant, upload)]
    assert (outcomes.count("new"), outcomes.count("same")) == (2 * SHIPMENTS, 2 * SHIPMENTS)


def test_import_in_the_background_ends_by_itself(tenant: Tenant) -> None:
    (upload,) = confirmed(tenant, jobs(line("S-1")))

    run(Queue.BULK)

    assert fresh(tenant, upload).state == UploadState.DONE

"""Select all 10,000 that match, and send them: the clicks, and until the last one is queued for Xero.

The floor of a click is a page of words, asked for in turn with it. Of the queueing it is one INSERT for each
of the jobs in one transaction, of rows that stand already, rolled back.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from tests.benchmarks.analyze import analyze
from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside
from tests.benchmarks.undisturbed import undisturbed

SHIPMENTS = 10_000
CLICKS = 15
CLICK_ALLOWED, QUEUED_ALLOWED = 200.0, 10.0
NOTHING_ASKED = "/help/errors/FB-504/"
Answering = Callable[[], Any]
STOPPED = {"code": "FB-504", "subject": "", "words": {"differences": "total", "standing": "is a draft there"}}


def measure() -> Iterator[Figure]:
    took = run_inside("tests.benchmarks.bench_enqueue")
    for click in ("Send", "Retry failed"):
        ours, bare = took[click]
        yield Figure(name=f"{click}, {took['jobs']:,}: the click's own answer", unit="ms", figure=ours, floor=bare,
                     target=CLICK_ALLOWED)  # fmt: skip
    yield Figure(name=f"{took['jobs']} documents drafted, approved and queued", unit="s", figure=took["queued"],
                 floor=took["inserted"], target=QUEUED_ALLOWED * took["inserted"])  # fmt: skip


def send_all() -> dict[str, Any]:
    from freightbridge.background_work.work_kinds import Work  # noqa: PLC0415 Django first
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from integrations.models import SendBatch, SyncJob  # noqa: PLC0415
    from invoices.workflows.prepare_batch import prepare_batch  # noqa: PLC0415
    from tests.benchmarks.many_shipments import fill  # noqa: PLC0415
    from tests.conftest import NOW  # noqa: PLC0415
    from tests.web.page_company import visitor  # noqa: PLC0415

    tenant = fill("forwarder", SHIPMENTS, states=("",))
    analyze()
    person = visitor(tenant, "operator")
    person.client.defaults["SERVER_NAME"] = "localhost"
    sent = _clicks(person, lambda: person.post("send", all="1", filters="state=ready", form_token=uuid4()))
    with tenant_scope(tenant):
        batch = SendBatch.objects.get(number=1)
    began = time.perf_counter()
    while prepare_batch(Work(tenant_id=tenant.pk, subject_id=batch.pk)):
        pass
    queued = time.perf_counter() - began
    with tenant_scope(tenant):
        jobs = SyncJob.objects.count()
        assert jobs == SHIPMENTS, jobs
    inserted = _insert_again(tenant)
    with tenant_scope(tenant):
        SyncJob.objects.update(state="attention", problem_code=STOPPED["code"], problems=[STOPPED], finished_at=NOW)

    def nobody_retried() -> None:
        with tenant_scope(tenant):
            SendBatch.objects.update(retried_by="")

    retried = _clicks(person, lambda: person.post("batch_retry", batch.number), before=nobody_retried)
    return {"Send": sent, "Retry failed": retried, "queued": queued, "jobs": jobs, "inserted": inserted}


def _clicks(person: Any, click: Answering, before: Callable[[], None] = lambda: None) -> tuple[float, float]:
    """Milliseconds, and those of a page that asks for nothing. The first of a process imports, and is not counted."""
    took, bare = [], []
    for _ in range(CLICKS + 1):
        bare.append(_milliseconds(lambda: person.client.get(NOTHING_ASKED)))
        before()
        took.append(_milliseconds(click))
    return undisturbed(took[1:]), undisturbed(bare[1:])


def _milliseconds(click: Answering) -> float:
    began = time.perf_counter()
    answer = click()
    took = 1000 * (time.perf_counter() - began)
    assert answer.status_code in {200, 302}, answer.content
    return took


def _insert_again(tenant: Any) -> float:
    """Seconds, for the same rows as those of another revision."""
    from django.db import connection, transaction  # noqa: PLC0415 Django first

    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from integrations.models import SyncJob  # noqa: PLC0415

    other = {"id": "id + 1000000", "public_id": "gen_random_uuid()", "revision": "revision + 1000"}
    columns = [field.column for field in SyncJob._meta.concrete_fields]
    statement = (
        f"INSERT INTO integrations_syncjob ({', '.join(columns)}) "  # noqa: S608 our own columns
        f"SELECT {', '.join(other.get(column, column) for column in columns)} FROM integrations_syncjob WHERE id = %s"
    )
    with tenant_scope(tenant), connection.cursor() as cursor:
        ids = list(SyncJob.objects.values_list("pk", flat=True))
        began = time.perf_counter()
        for pk in ids:
            cursor.execute(statement, [pk])
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took


if __name__ == "__main__":
    tell_inside(send_all) if is_inside() else tell(measure())

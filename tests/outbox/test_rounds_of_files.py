"""Files go in rounds: what is struck in the middle of one is sent again, or was never sent, and nothing is twice."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.call_budget import CALLS_A_MINUTE
from integrations.models import AttemptMember, OrganisationLane, SyncAttempt, SyncJob
from integrations.models.sync_job import Priority
from integrations.outbox import deliver as delivery
from integrations.outbox import round_size
from integrations.outbox.round_size import MOST_FILES, files_of_round
from integrations.xero_gateway import sdk
from tests.outbox.crash_strikes import KilledError
from tests.sending import Calls, click, company, deliver, documents, go_on, jobs, log_of, ours_in_xero, shipments
from tests.sending import store_pdfs as store_pdfs_of
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
NOT_REACHED = "A call before it ended the round"
FILES = 4


@pytest.fixture
def waiting(tenant: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Drafts that wait for nothing but their files: one that shows the pace, and a round of three."""
    monkeypatch.setattr(round_size, "ROUND_SECONDS", 1000.0)
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, *["10.00"] * FILES)
    click(tenant)
    deliver()
    store_pdfs_of(tenant)
    return Calls(xero)


def attempts(tenant: Tenant, *fields: str) -> list[Any]:
    with tenant_scope(tenant):
        return list(SyncAttempt.objects.filter(step="attach").order_by("pk").values_list(*fields))


def verdicts_of_files(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        members = AttemptMember.objects.filter(attempt__step="attach").order_by("pk")
        return list(members.values_list("verdict", flat=True))


def files_sent(calls: Calls) -> list[dict[str, Any]]:
    return [one for one in calls.entries() if "/Attachments/" in one["path"]]


def each_has_its_file(tenant: Tenant, xero: SandboxProcess) -> bool:
    counts = [len(files) for files in ours_in_xero(xero, "attachments")]
    is_done = jobs(tenant, "state") == ["done"] * FILES and ours_in_xero(xero, "status") == ["AUTHORISED"] * FILES
    return is_done and counts == [1] * FILES and documents(tenant, "has_pdf") == [True] * FILES


def strike_at(patch: pytest.MonkeyPatch, number: int, *, is_answered: bool) -> None:
    """Killed at the so-manieth file: before its first byte leaves, or while its answer is on its way."""
    send, sent = sdk.send, []

    def struck(method: str, url: str, **keywords: Any) -> Any:
        sent.extend([url] if "/Attachments/" in url else [])
        if len(sent) < number:
            return send(method, url, **keywords)
        if is_answered:
            send(method, url, **keywords)
        raise KilledError

    patch.setattr(sdk, "send", struck)


def strike_storing(patch: pytest.MonkeyPatch) -> None:
    """Killed with all answers of the round in hand."""
    record = delivery.record_outcomes

    def struck(answered: Any, **keywords: Any) -> None:
        if len(answered) > 1:
            raise KilledError
        record(answered, **keywords)

    patch.setattr(delivery, "record_outcomes", struck)


STRIKES: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], int]] = {
    "intents committed and nothing sent": (lambda patch: strike_at(patch, 2, is_answered=False), 1),
    "between two files": (lambda patch: strike_at(patch, 3, is_answered=False), 2),
    "file sent and killed in flight": (lambda patch: strike_at(patch, 3, is_answered=True), 3),
    "all sent and none stored": (strike_storing, 4),
}


def test_round_is_one_commit_before_its_calls_and_one_after(
    tenant: Tenant, xero: SandboxProcess, waiting: Calls
) -> None:
    deliver()

    first, *others = attempts(tenant, "sent_at", "finished_at")
    assert len(set(others)) == 1
    assert first != others[0]
    assert [one["path"].split("/")[-3] for one in files_sent(waiting)] == [
        str(xero_id) for xero_id in documents(tenant, "xero_id")
    ]
    assert verdicts_of_files(tenant) == ["applied"] * FILES
    assert each_has_its_file(tenant, xero)


def test_files_go_one_by_one_while_others_wait(tenant: Tenant, waiting: Calls) -> None:
    with tenant_scope(tenant):
        SyncJob.objects.filter(document__number="INV-00001").update(priority=Priority.BULK)
    deliver()

    moments = [sent_at for (sent_at,) in attempts(tenant, "sent_at")]
    assert len(set(moments)) == len(moments) >= FILES - 1


@pytest.mark.parametrize(("strike", "sent_before"), STRIKES.values(), ids=STRIKES)
def test_crash_in_a_round_leaves_each_file_once(
    tenant: Tenant,
    xero: SandboxProcess,
    waiting: Calls,
    strike: Callable[[pytest.MonkeyPatch], None],
    sent_before: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        strike(patch)
        with pytest.raises(KilledError):
            deliver()
    left = jobs(tenant, "state", "step")
    unknown = attempts(tenant, "finished_at", "http_status")[1:]
    sent = len(files_sent(waiting))
    with tenant_scope(tenant):
        OrganisationLane.objects.update(lease_until=None)

    go_on(tenant)

    assert left == [("sending", "promote"), *[("sending", "attach")] * 3]
    assert unknown == [(None, None)] * 3
    assert sent == sent_before
    # Under the keys under which they may have been sent before, and with the same bytes.
    calls = files_sent(waiting)
    assert len(calls) == sent_before + 3
    assert len({(one["idempotency_key"], one["request_hash"]) for one in calls}) == FILES
    assert {(one["idempotency_key"], one["request_hash"]) for one in calls} == set(
        attempts(tenant, "idempotency_key", "body_sha256")
    )
    assert each_has_its_file(tenant, xero)


@pytest.mark.parametrize(("fault", "verdict"), [({"status": 503}, "unknown"), ({"status": 401}, "not applied")])
def test_answer_that_ends_the_turn_leaves_the_rest_of_the_round_unsent(
    tenant: Tenant, xero: SandboxProcess, waiting: Calls, fault: dict[str, int], verdict: str
) -> None:
    third = documents(tenant, "xero_id")[2]
    xero.fault("error", method="PUT", path=f"/Invoices/{third}/Attachments", times=1, **fault)

    deliver()
    left = jobs(tenant, "state", "step", "started_count", "retry_count")[3]
    with tenant_scope(tenant):
        lane = OrganisationLane.objects.get()

    assert [one["status"] for one in files_sent(waiting)] == [200, 200, fault["status"]]
    assert left == ("sending", "attach", 0, 0)
    assert verdicts_of_files(tenant) == ["applied", "applied", verdict, "not applied"]
    assert attempts(tenant, "error")[3][0] == NOT_REACHED
    # Create and three files; what was not sent is not counted.
    assert lane.minute_left >= CALLS_A_MINUTE - 6
    assert "INV-00004" not in str(log_of(tenant, event="waiting"))


def test_round_whose_worker_slept_is_not_sent(
    tenant: Tenant, xero: SandboxProcess, waiting: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = delivery.plan_call

    def planned(*arguments: Any, **keywords: Any) -> Any:
        found = plan(*arguments, **keywords)
        return replace(found, committed_at=found.committed_at - 10) if len(found.intents) > 1 else found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "plan_call", planned)
        deliver()
    sent = len(files_sent(waiting))
    errors = [error for (error,) in attempts(tenant, "error")]
    go_on(tenant)

    assert sent < FILES
    assert errors[:4] == ["", "This worker was held up before it could send", NOT_REACHED, NOT_REACHED]
    assert each_has_its_file(tenant, xero)


def test_round_grows_with_the_pace_and_no_further() -> None:
    assert files_of_round(0, 1.0) == 1
    assert files_of_round(1, 0.4) == 2
    assert files_of_round(3, 9.0) == 1
    assert files_of_round(1, 0.0) == MOST_FILES

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from integrations.xero_sandbox.accounting_api.throttling import CORE, STARTER, UNLIMITED, Limits, Throttle
from tests.xero_sandbox.company_client import Company
from tests.xero_sandbox.sandbox_process import SandboxProcess

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def test_minute_limit_lets_sixty_through_and_opens_again_when_it_says() -> None:
    throttle = Throttle(limits=CORE)
    for _ in range(60):
        assert throttle.admit("app", "org", NOW) is None

    refusal = throttle.admit("app", "org", NOW)

    assert refusal is not None
    assert (refusal.problem, refusal.retry_after is not None and 1 <= refusal.retry_after <= 60) == ("minute", True)
    assert throttle.admit("app", "org", NOW + timedelta(seconds=refusal.retry_after or 0)) is None


def test_organisations_and_apps_are_counted_apart() -> None:
    throttle = Throttle(limits=Limits(minute=1))

    results = [throttle.admit(app, org, NOW) for app, org in (("a", "x"), ("a", "y"), ("b", "x"), ("a", "x"))]

    assert [result is None for result in results] == [True, True, True, False]


@pytest.mark.parametrize(("limits", "day"), [(STARTER, 1000), (CORE, 5000)])
def test_day_limit_is_the_tiers(limits: Limits, day: int) -> None:
    throttle = Throttle(limits=Limits(minute=10**6, day=limits.day))
    for _ in range(day):
        assert throttle.admit("app", "org", NOW) is None

    refusal = throttle.admit("app", "org", NOW)

    assert refusal is not None
    assert (refusal.problem, 60 < (refusal.retry_after or 0) <= 86_400) == ("day", True)


def test_app_limit_counts_all_organisations() -> None:
    throttle = Throttle(limits=Limits(app_minute=3))
    for number in range(3):
        assert throttle.admit("app", f"org {number}", NOW) is None

    refusal = throttle.admit("app", "another", NOW)

    assert refusal is not None
    assert refusal.problem == "appminute"


def test_sixth_call_at_once_is_refused_without_retry_after() -> None:
    throttle = Throttle(limits=CORE)
    for _ in range(6):
        throttle.enter("app", "org")

    refusal = throttle.admit("app", "org", NOW)
    throttle.leave("app", "org")

    assert refusal is not None
    assert (refusal.problem, refusal.retry_after) == ("concurrent", None)
    assert throttle.admit("app", "org", NOW) is None


def test_refused_calls_are_not_counted() -> None:
    throttle = Throttle(limits=Limits(minute=1))
    for _ in range(5):
        throttle.admit("app", "org", NOW)

    assert dict(throttle.headers("app", "org", NOW))["X-DayLimit-Remaining"] == "4999"


def test_no_limit_refuses_nothing() -> None:
    throttle = Throttle(limits=UNLIMITED)

    assert {throttle.admit("app", "org", NOW) for _ in range(10_001)} == {None}


def test_answers_carry_what_is_left(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.admin("limits", {"tier": "starter", "forget": True})

    good, bad, gone = au.get("Organisation"), au.put("Invoices", {"Invoices": [{}]}), au.get("Invoices/none")

    names = ("X-DayLimit-Remaining", "X-MinLimit-Remaining", "X-AppMinLimit-Remaining")
    assert (good.status, bad.status, gone.status) == (200, 400, 404)
    assert [tuple(reply.headers[name] for name in names) for reply in (good, bad, gone)] == [
        ("999", "59", "9999"), ("998", "58", "9998"), ("997", "57", "9997"),
    ]  # fmt: skip


def test_refusal_has_no_body_and_no_content_type(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.admin("limits", {"minute": 1, "forget": True})
    au.get("Organisation")

    reply = au.get("Organisation")

    assert (reply.status, reply.body, "Content-Type" in reply.headers) == (429, b"", False)
    assert (reply.headers["X-Rate-Limit-Problem"], reply.headers["X-MinLimit-Remaining"]) == ("minute", "0")
    assert 1 <= int(reply.headers["Retry-After"]) <= 60
    sandbox.advance(int(reply.headers["Retry-After"]))
    assert au.get("Organisation").status == 200


def test_limits_can_be_set_for_one_organisation(sandbox: SandboxProcess, au: Company, nz: Company) -> None:
    sandbox.admin("limits", {"organisation": "AU", "minute": 1, "forget": False})
    statuses = [company.get("Organisation").status for company in (au, au, nz, nz)]

    assert statuses == [200, 429, 200, 200]


def test_replayed_writes_consume_the_limit(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.admin("limits", {"minute": 2, "forget": True})
    key = {"Idempotency-Key": "k-1"}

    statuses = [au.put("Invoices", {"Invoices": [{}]}, headers=key).status for _ in range(3)]

    assert statuses == [400, 400, 429]


def test_five_at_once_pass_and_the_sixth_does_not(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.admin("limits", {"limits": "real", "forget": True})
    sandbox.fault("latency", seconds=0.4)

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: au.get("Organisation"), range(6)))

    refused = [reply for reply in replies if reply.status == 429]
    assert sorted(reply.status for reply in replies) == [200] * 5 + [429]
    assert (refused[0].headers["X-Rate-Limit-Problem"], "Retry-After" in refused[0].headers) == ("concurrent", False)

import json
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import urllib3

from tests.xero_sandbox.company_client import Company, sales_invoice
from tests.xero_sandbox.document_calls import put
from tests.xero_sandbox.sandbox_process import SandboxProcess

BROKEN = (urllib3.exceptions.ProtocolError, urllib3.exceptions.HTTPError)


def count(sandbox: SandboxProcess) -> int:
    documents: int = sandbox.admin("documents", organisation="AU")["count"]
    return documents


def faulty(au: Company, fault: str) -> Any:
    """One request that asks for its own fault."""
    return au.put("Invoices", {"Invoices": [sales_invoice()]}, headers={"X-Sandbox-Fault": fault})


def test_latency_holds_the_answer_back(sandbox: SandboxProcess, au: Company) -> None:
    started = time.monotonic()

    reply = faulty(au, "latency;seconds=0.3")

    assert (reply.status, time.monotonic() - started >= 0.3) == (200, True)


def test_slow_drip_sends_everything_slowly(au: Company) -> None:
    started = time.monotonic()

    reply = au.get("Currencies", headers={"X-Sandbox-Fault": "slow_drip;seconds=0.02"})

    assert len(reply.json["Currencies"]) == 6
    assert time.monotonic() - started > 0.1


@pytest.mark.parametrize(
    ("fault", "committed"),
    [("reset_before", 0), ("reset_after", 1), ("lost_answer", 1), ("cut_off", 1)],
)
def test_broken_connection_before_or_after_the_commit(
    sandbox: SandboxProcess, au: Company, fault: str, committed: int
) -> None:
    with pytest.raises(BROKEN):
        faulty(au, fault)

    assert count(sandbox) == committed


def test_next_request_after_a_broken_connection_works(sandbox: SandboxProcess, au: Company) -> None:
    with pytest.raises(BROKEN):
        faulty(au, "reset_after")

    assert au.get("Organisation").status == 200


def test_lost_answer_is_replayed_to_the_same_key(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.fault("lost_answer", method="PUT", times=1)
    key = {"Idempotency-Key": "k"}
    with pytest.raises(BROKEN):
        au.put("Invoices", {"Invoices": [sales_invoice()]}, headers=key)

    reply = au.put("Invoices", {"Invoices": [sales_invoice()]}, headers=key)

    assert (reply.status, count(sandbox)) == (200, 1)


@pytest.mark.parametrize("seconds", [1, 300])
def test_late_commit_happens_when_its_time_has_come(sandbox: SandboxProcess, au: Company, seconds: int) -> None:
    with pytest.raises(BROKEN):
        faulty(au, f"late_commit;seconds={seconds}")

    sandbox.advance(seconds - 0.5)
    before = count(sandbox)
    sandbox.advance(1)

    assert (before, count(sandbox)) == (0, 1)


def test_truncated_json_is_a_complete_message_that_cannot_be_read(sandbox: SandboxProcess, au: Company) -> None:
    reply = faulty(au, "truncated")

    assert (reply.status, int(reply.headers["Content-Length"]), count(sandbox)) == (200, len(reply.body), 1)
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.body)


@pytest.mark.parametrize("status", [200, 400, 500, 503])
@pytest.mark.parametrize("commits", [True, False])
def test_html_in_the_place_of_json(sandbox: SandboxProcess, au: Company, status: int, commits: bool) -> None:
    reply = faulty(au, f"html;status={status};commits={commits}")

    assert (reply.status, reply.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert count(sandbox) == int(commits)


@pytest.mark.parametrize(
    ("fault", "retry_after"), [("error;status=503;retry_after=7", "7"), ("error;status=503", None)]
)
def test_service_unavailable_with_and_without_retry_after(au: Company, fault: str, retry_after: str | None) -> None:
    reply = faulty(au, fault)

    assert (reply.status, reply.headers.get("Retry-After")) == (503, retry_after)
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_internal_error_may_commit_all_the_same(sandbox: SandboxProcess, au: Company) -> None:
    assert (faulty(au, "error;status=500;commits=true").status, count(sandbox)) == (500, 1)


def test_internal_error_is_remembered_by_its_key(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.fault("error", status=500, cached=True, times=1)
    key = {"Idempotency-Key": "k"}

    replies = [au.put("Invoices", {"Invoices": [sales_invoice()]}, headers=key) for _ in range(5)]

    assert ([reply.status for reply in replies], count(sandbox)) == ([500] * 5, 0)


@pytest.mark.parametrize(
    ("fault", "problem", "retry_after"),
    [
        ("throttled;problem=minute", "minute", "60"),
        ("throttled;problem=minute;retry_after=26", "minute", "26"),
        ("throttled;problem=minute;retry_after=-1", "minute", None),
        ("throttled;problem=day;retry_after=40000", "day", "40000"),
        ("throttled;problem=concurrent", "concurrent", None),
        ("throttled;problem=appminute", "appminute", "60"),
    ],
)
def test_every_kind_of_429(
    sandbox: SandboxProcess, au: Company, fault: str, problem: str, retry_after: str | None
) -> None:
    reply = faulty(au, fault)

    assert (reply.status, reply.body, reply.headers["X-Rate-Limit-Problem"]) == (429, b"", problem)
    assert (reply.headers.get("Retry-After"), count(sandbox)) == (retry_after, 0)


def test_token_expires_and_organisation_goes_in_the_middle(sandbox: SandboxProcess, au: Company) -> None:
    expired, gone = faulty(au, "unauthorised"), faulty(au, "disconnected")

    assert (expired.status, expired.json["Detail"][:12]) == (401, "TokenExpired")
    assert (gone.status, gone.json["Detail"]) == (403, "AuthenticationUnsuccessful")
    assert count(sandbox) == 0


@pytest.mark.parametrize(("key", "path"), [("Status", "Invoices"), ("Class", "Organisation"), ("Type", "Accounts")])
def test_unknown_value_in_a_read(au: Company, key: str, path: str) -> None:
    au.invoice()

    body = au.get(path, headers={"X-Sandbox-Fault": f"unknown_enum;key={key}"}).json

    (elements,) = [value for value in body.values() if isinstance(value, list)]
    assert {element[key] for element in elements} == {"BRAND_NEW_VALUE"}


def test_odd_tax_number_type(au: Company) -> None:
    body = au.get("Contacts", headers={"X-Sandbox-Fault": "odd_tax_number"}).json

    assert {contact["TaxNumberType"] for contact in body["Contacts"]} == {"TAXNUMBERTYPE/SSN"}


def test_elements_come_in_another_order(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.fault("shuffled", method="PUT")
    numbers = [f"N{number}" for number in range(10)]

    reply = put(au, *(sales_invoice(InvoiceNumber=number) for number in numbers), summarizeErrors="false")

    shown = [invoice["InvoiceNumber"] for invoice in reply.json["Invoices"]]
    assert (shown != numbers, sorted(shown)) == (True, sorted(numbers))


def test_reads_lag_behind_writes(sandbox: SandboxProcess, au: Company) -> None:
    old = au.invoice(InvoiceNumber="OLD", Reference="before")
    sandbox.advance(60)
    au.invoice(InvoiceNumber="NEW")
    au.post(f"Invoices/{old['InvoiceID']}", {"Reference": "after"})
    sandbox.fault("read_lag", seconds=5, method="GET")

    lagging = au.get("Invoices", page=1).json["Invoices"]
    lagging_alone = au.get(f"Invoices/{old['InvoiceID']}").json["Invoices"][0]["Reference"]
    missing = au.get("Invoices/NEW").status
    sandbox.advance(6)
    caught_up = au.get("Invoices", page=1).json["Invoices"]

    assert [(each["InvoiceNumber"], each["Reference"]) for each in lagging] == [("OLD", "before")]
    assert (lagging_alone, missing) == ("before", 404)
    assert sorted((each["InvoiceNumber"], each["Reference"]) for each in caught_up) == [("NEW", ""), ("OLD", "after")]


def test_idempotency_store_down_refuses_only_requests_with_a_key(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.fault("idempotency_down")

    with_key = au.put("Invoices", {"Invoices": [sales_invoice()]}, headers={"Idempotency-Key": "k"})
    without = au.put("Invoices", {"Invoices": [sales_invoice()]})

    assert (with_key.status, without.status, count(sandbox)) == (500, 200, 1)


@pytest.mark.parametrize("seconds", [-600, 600])
def test_skewed_clock_tells_and_stamps_another_time(sandbox: SandboxProcess, au: Company, seconds: int) -> None:
    expected = (sandbox.now() + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    reply = faulty(au, f"clock_skew;seconds={seconds}")

    assert reply.json["Invoices"][0]["UpdatedDateUTCString"] == expected
    assert parsedate_to_datetime(reply.headers["Date"]).strftime("%Y-%m-%dT%H:%M:%SZ") == expected


def test_rules_choose_by_method_path_and_organisation(sandbox: SandboxProcess, au: Company, nz: Company) -> None:
    sandbox.fault("error", status=500, method="GET", path="/Currencies$", organisation="AU")

    statuses = [au.get("Currencies").status, au.get("Accounts").status, nz.get("Currencies").status]

    assert statuses == [500, 200, 200]


def test_rules_may_skip_and_stop(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.fault("error", status=500, skip=2, times=1)

    assert [au.get("Currencies").status for _ in range(5)] == [200, 200, 500, 200, 200]
    assert sandbox.admin("faults")["rules"][0]["hits"] == 1


def test_chance_is_repeatable_with_a_seed(sandbox: SandboxProcess, au: Company) -> None:
    runs = []
    for _ in range(2):
        rules = [{"fault": "error", "status": 500, "probability": 0.3}]
        sandbox.admin("faults", {"rules": rules, "seed": 7})
        runs.append([au.get("Currencies").status for _ in range(40)])

    assert runs[0] == runs[1]
    assert 4 <= runs[0].count(500) <= 20


def test_token_endpoint_can_lose_its_answer(sandbox: SandboxProcess, au: Company) -> None:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": au.tokens["refresh_token"],
        "client_id": "sandbox-client",
        "client_secret": "sandbox-secret",
    }
    sandbox.fault("lost_answer", path="/connect/token", times=1)
    with pytest.raises(BROKEN):
        sandbox.http("POST", "/connect/token", form=form)

    assert sandbox.http("POST", "/connect/token", form=form).status == 200


@pytest.mark.parametrize(
    "rule",
    [
        {"fault": "meteor"},
        {"fault": "latency", "secs": 1},
        {},
        {"fault": "latency", "seconds": "long"},
        {"fault": "latency", "seconds": -1},
        {"fault": "error", "status": 99},
        {"fault": "error", "path": "("},
        {"fault": "error", "probability": 2},
        {"fault": "throttled", "problem": "one\ntwo"},
    ],
)
def test_rule_that_cannot_be_understood_is_refused(sandbox: SandboxProcess, rule: dict[str, Any]) -> None:
    assert sandbox.http("POST", "/_sandbox/faults", json_body={"rules": [rule]}).status == 400


def test_header_that_cannot_be_understood_is_refused(au: Company) -> None:
    assert au.get("Organisation", headers={"X-Sandbox-Fault": "meteor"}).status == 400


def test_faults_are_told_in_the_journal(sandbox: SandboxProcess, au: Company) -> None:
    with pytest.raises(BROKEN):
        faulty(au, "lost_answer")

    (entry,) = sandbox.admin("journal", method="PUT")["entries"]
    assert (entry["faults"], entry["status"], entry["delivered"]) == (["lost_answer"], 200, "cut")

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, sales_invoice
from tests.xero_sandbox.sandbox_process import SandboxProcess


def put(company: Company, key: str, **fields: Any) -> Any:
    return company.put("Invoices", {"Invoices": [sales_invoice(**fields)]}, headers={"Idempotency-Key": key})


def count(company: Company) -> int:
    total: int = company.get("Invoices", page=1).json["pagination"]["itemCount"]
    return total


def test_same_request_is_answered_from_memory(au: Company) -> None:
    first, second = put(au, "k"), put(au, "k")

    assert (second.status, second.body) == (200, first.body)
    assert count(au) == 1


def test_name_of_the_header_matches_in_any_case(au: Company) -> None:
    for name in ("idempotency-key", "IDEMPOTENCY-KEY"):
        au.put("Invoices", {"Invoices": [sales_invoice()]}, headers={name: "k"})

    assert count(au) == 1


def test_errors_are_remembered_too(sandbox: SandboxProcess, au: Company) -> None:
    first = put(au, "k", CurrencyCode="JPY")
    sandbox.act("add_currency", currency="JPY")

    again, fresh = put(au, "k", CurrencyCode="JPY"), put(au, "k2", CurrencyCode="JPY")

    assert (first.status, again.status, fresh.status) == (400, 400, 200)


@pytest.mark.parametrize("change", ["body", "address", "method"])
def test_key_of_another_request_is_refused(au: Company, change: str) -> None:
    put(au, "k-9")

    if change == "body":
        reply = put(au, "k-9", Reference="other")
    elif change == "address":
        sent = {"Invoices": [sales_invoice()]}
        reply = au.put("Invoices", sent, headers={"Idempotency-Key": "k-9"}, unitdp=4)
    else:
        reply = au.post("Invoices", {"Invoices": [sales_invoice()]}, headers={"Idempotency-Key": "k-9"})

    assert (reply.status, reply.json) == (
        400,
        {"Type": "ValidationException", "Message": "Idempotency Key: k-9 is used with a different request."},
    )


def test_key_is_new_again_after_six_minutes_so_a_late_retry_duplicates(sandbox: SandboxProcess, au: Company) -> None:
    put(au, "k")
    sandbox.advance(359)
    put(au, "k")
    within = count(au)
    sandbox.advance(2)
    au = sandbox.connect("AU")

    put(au, "k")

    assert (within, count(au)) == (1, 2)


@pytest.mark.parametrize(("length", "status"), [(128, 200), (129, 400)])
def test_key_has_at_most_128_characters(au: Company, length: int, status: int) -> None:
    assert put(au, "x" * length).status == status


def test_reads_and_deletions_take_no_key(au: Company) -> None:
    key = {"Idempotency-Key": "k"}
    (item,) = au.put("Items", {"Code": "GONE"}, headers=key).json["Items"]

    statuses = [au.get("Organisation", headers=key).status, au.get("Currencies", headers=key).status]
    deletions = [au.call("DELETE", f"Items/{item['ItemID']}", headers=key).status for _ in range(2)]

    assert (statuses, deletions) == ([200, 200], [204, 404])


def test_attachments_take_keys(au: Company) -> None:
    path = f"Invoices/{au.invoice()['InvoiceID']}/Attachments/a.pdf"
    headers = {"Idempotency-Key": "k", "Content-Type": "application/octet-stream"}

    first = au.call("PUT", path, body=b"one", headers=headers)
    other = au.call("PUT", path, body=b"two", headers=headers)

    assert (first.status, other.status) == (200, 400)


def test_first_still_running_is_harsh_by_default(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.fault("late_commit", seconds=120, status=503, times=1)

    lost, second = put(au, "k"), put(au, "k")
    sandbox.advance(121)

    assert (lost.status, second.status, count(sandbox.connect("AU"))) == (503, 200, 2)


@pytest.mark.parametrize("status", ["409", "500"])
def test_first_still_running_may_be_refused(sandbox: SandboxProcess, au: Company, status: str) -> None:
    sandbox.switch(same_key_in_flight=status)
    sandbox.fault("late_commit", seconds=120, status=503, times=1)

    put(au, "k")

    assert put(au, "k").status == int(status)


def test_first_still_running_may_hold_the_second(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.switch(same_key_in_flight="hold")
    sandbox.fault("late_commit", seconds=60, status=503, times=1)
    put(au, "k")

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(put, au, "k")
        while sandbox.admin("journal", path="/Invoices")["count"] < 2:
            pass
        sandbox.advance(61)
        reply = waiting.result(timeout=10)

    assert (reply.status, count(au)) == (200, 1)

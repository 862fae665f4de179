"""How fast the sandbox is, so that it is never what a benchmark measures.

Run: python -m tests.xero_sandbox.measure_speed
Nothing is asserted: the numbers depend on the machine, and the note tells them.
"""

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import urllib3

from tests.xero_sandbox.company_client import Company, Http
from tests.xero_sandbox.sandbox_process import SandboxProcess, start_process, stop_process

BATCH, LINES, INVOICES = 50, 15, 20_000
READS, CLIENTS = 1000, 4
PAGES = 50


def main() -> int:
    process, url = start_process("--limits", "off")
    try:
        company = SandboxProcess(Http(url, urllib3.PoolManager(maxsize=CLIENTS))).connect("AU")
        sys.stdout.write(json.dumps(measure(company, process.pid), indent=2) + "\n")
    finally:
        stop_process(process)
    return 0


def measure(company: Company, process_id: int) -> dict[str, float]:
    numbers: dict[str, float] = {}
    first_batches = [put_batch(company, number) for number in range(20)]
    numbers["PUT of 50 invoices with 15 lines, median ms"] = milliseconds(median(first_batches))
    numbers["reads of one invoice per second, one client"] = reads_per_second(company, clients=1)
    numbers[f"reads of one invoice per second, {CLIENTS} clients"] = reads_per_second(company, clients=CLIENTS)
    numbers["a page among 1,000 invoices, median ms"] = page_time(company, page=5)
    last_batches = [put_batch(company, number) for number in range(20, INVOICES // BATCH)][-20:]
    numbers["the same PUT beside 20,000 invoices, median ms"] = milliseconds(median(last_batches))
    numbers["first page among 20,000 invoices, median ms"] = page_time(company, page=1)
    numbers["page 100 among 20,000 invoices, median ms"] = page_time(company, page=100)
    numbers["last page among 20,000 invoices, median ms"] = page_time(company, page=200)
    numbers["one status, page 100, median ms"] = page_time(company, page=100, Statuses="DRAFT")
    numbers["resident memory with 20,000 invoices, MiB"] = resident_mebibytes(process_id)
    return numbers


def put_batch(company: Company, number: int) -> float:
    """Seconds between the request and its whole answer."""
    body = json.dumps({"Invoices": batch(number)}).encode()
    query = {"summarizeErrors": "false", "unitdp": 4}
    begun = time.perf_counter()
    reply = company.call("PUT", "Invoices", body=body, query=query, headers={"Content-Type": "application/json"})
    taken = time.perf_counter() - begun
    assert {each["StatusAttributeString"] for each in reply.json["Invoices"]} == {"OK"}
    return taken


def batch(number: int) -> list[dict[str, Any]]:
    lines = [
        {
            "Description": f"Charge {line} for container MSKU{line:07d}",
            "Quantity": 1,
            "UnitAmount": f"{100 + line}.5",
            "AccountCode": "201",
            "TaxType": "OUTPUT",
            "Tracking": [{"Name": "Branch", "Option": "Port"}],
        }
        for line in range(LINES)
    ]
    return [
        {
            "Type": "ACCREC",
            "InvoiceNumber": f"S{number}-{position}",
            "Contact": {"Name": "Coral Coast Imports"},
            "Date": "2026-11-20",
            "DueDate": "2026-12-20",
            "LineItems": lines,
        }
        for position in range(BATCH)
    ]


def reads_per_second(company: Company, *, clients: int) -> float:
    def read(_: int) -> None:
        assert company.get("Invoices/S0-0").status == 200

    with ThreadPoolExecutor(clients) as pool:
        taken = seconds_of(lambda: list(pool.map(read, range(READS))))
    return round(READS / taken)


def page_time(company: Company, *, page: int, **query: Any) -> float:
    def read() -> None:
        assert company.get("Invoices", page=page, **query).status == 200

    assert len(company.get("Invoices", page=page, **query).json["Invoices"]) == 100
    return milliseconds(median(seconds_of(read) for _ in range(PAGES)))


def resident_mebibytes(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status").read_text()
    kibibytes = int(status.split("VmRSS:")[1].split()[0])
    return round(kibibytes / 1024)


def seconds_of(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    sys.exit(main())

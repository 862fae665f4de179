"""How fast the Xero sandbox is with its limits off, so that it is never what another benchmark measures.

The floors: the same bytes out of a server that does nothing else, with the JSON of a write read and written once;
for memory, the JSON of the invoices themselves; for later pages, the early ones.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.bare_server import __name__ as bare_server
from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.own_server import port_of
from tests.benchmarks.raw_client import RawClient, request_of, requests_per_second
from tests.benchmarks.undisturbed import undisturbed
from tests.xero_sandbox.company_client import Company, Http
from tests.xero_sandbox.sandbox_process import SandboxProcess, start_process, stop_process

BATCH, LINES, INVOICES = 50, 15, 20_000
READS, BARE_READS, ROUNDS, CLIENTS, WRITES, BARE_WRITES = 300, 1000, 12, 2, 20, 20
PAGE = 100
READS_WANTED, WRITE_ALLOWED, MEMORY_ALLOWED, GROWTH_ALLOWED = 500, 100, 1024, 1.5
MEBIBYTE = 1 << 20


def measure() -> Iterator[Figure]:
    process, url = start_process("--limits", "off")
    try:
        yield from figures_of(process, url)
    finally:
        stop_process(process)


def figures_of(process: "subprocess.Popen[str]", url: str) -> Iterator[Figure]:
    port = int(url.rpartition(":")[2])
    company = SandboxProcess(Http(url)).connect("AU")
    yield write_figure("a PUT of 50 invoices with 15 lines", port, company, first=0)
    yield read_figure(port, company)
    fill(port, company, up_to=INVOICES - BATCH * WRITES)
    first = (INVOICES - BATCH * WRITES) // BATCH
    yield write_figure("the same PUT beside 19,000 invoices", port, company, first=first)
    times, size = walk_pages(port, company)
    quarter = len(times) // 4
    yield Figure(
        name="a page of 100 among 20,000 invoices, the last quarter after the first",
        unit="ms",
        figure=median(times[-quarter:]),
        floor=median(times[:quarter]),
        target=median(times[:quarter]) * GROWTH_ALLOWED,
    )
    yield Figure(
        name="memory with 20,000 invoices of 15 lines",
        unit="MiB",
        figure=resident_mebibytes(process.pid),
        floor=size / MEBIBYTE,
        target=MEMORY_ALLOWED,
    )


def write_figure(name: str, port: int, company: Company, *, first: int) -> Figure:
    """Another floor each time: how fast two processes answer each other is a matter of chance that lasts as they do."""
    figures, floors, parsing = [], [], []
    for number in range(first, first + WRITES):
        request = put_request(company, number)
        with RawClient(port) as client:
            figures.append(client.milliseconds(request))
        body = request.partition(b"\r\n\r\n")[2]
        bare = request_of("PUT", f"/?bytes={len(body)}", body=body)
        with port_of(bare_server) as floor_port, RawClient(floor_port) as client:
            floors += [client.milliseconds(bare) for _ in range(BARE_WRITES)]
        parsing.append(json_milliseconds(body))
    floor = undisturbed(floors) + undisturbed(parsing)
    return Figure(name=name, unit="ms", figure=undisturbed(figures), floor=floor, target=WRITE_ALLOWED)


def read_figure(port: int, company: Company) -> Figure:
    """Another floor each round, as of writes."""
    request = request_of("GET", "/api.xro/2.0/Invoices/S0-0", headers=company.headers)
    with RawClient(port) as client:
        size = len(client.ask(request))
    bare = request_of("GET", f"/?bytes={size}", headers=company.headers)
    seconds, floors = [], []
    for _ in range(ROUNDS):
        seconds.append(1 / requests_per_second(port, request, count=READS, clients=CLIENTS))
        with port_of(bare_server) as floor_port:
            floors.append(1 / requests_per_second(floor_port, bare, count=BARE_READS, clients=CLIENTS))
    return Figure(
        name="reads of one invoice with 15 lines",
        unit="a second",
        figure=1 / undisturbed(seconds),
        floor=1 / undisturbed(floors),
        target=READS_WANTED,
        is_more_better=True,
    )


def fill(port: int, company: Company, *, up_to: int) -> None:
    with RawClient(port) as client:
        for number in range(WRITES, up_to // BATCH):
            client.ask(put_request(company, number))


def walk_pages(port: int, company: Company) -> tuple[list[float], int]:
    """Milliseconds of each page, read once and for the first time; and all their bytes together.

    Early and late pages are read by turns, so that a machine that is busy for a while slows both.
    """
    count = INVOICES // PAGE
    times, size = [0.0] * count, 0
    with RawClient(port) as client:
        for turn in range(count):
            number = turn // 2 + 1 if turn % 2 == 0 else count - turn // 2
            target = f"/api.xro/2.0/Invoices?page={number}"
            begun = time.perf_counter()
            body = client.ask(request_of("GET", target, headers=company.headers))
            times[number - 1] = (time.perf_counter() - begun) * 1000
            size += len(body)
    assert len(json.loads(body)["Invoices"]) == PAGE
    return times, size


def put_request(company: Company, number: int) -> bytes:
    headers = company.headers | {"Content-Type": "application/json"}
    body = json.dumps({"Invoices": batch(number)}).encode()
    return request_of("PUT", "/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4", headers=headers, body=body)


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


def json_milliseconds(body: bytes) -> float:
    begun = time.perf_counter()
    json.dumps(json.loads(body))
    return (time.perf_counter() - begun) * 1000


def resident_mebibytes(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    tell(measure())

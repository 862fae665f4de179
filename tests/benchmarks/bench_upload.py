"""Real freight data from file to shipments: received, matched, checked in a dry run, imported, every row reported.

The floor is COPY of the same rows into a bare table of texts, committed. Each round takes the whole file in for a
company of its own; then comes a file as long as a file may be, and how much memory the worker holds after it.
"""

import csv
import gc
import io
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside

FILE = Path(__file__).parents[3] / "shared" / "data" / "scms_shipments.csv"
NUMBER, KEY = "ASN/DN #", "ID"
MANY, ROUNDS = 50_000, 3
SECONDS_ALLOWED, MEMORY_ALLOWED = 40.0, 1.1
# Keys of repeated rows are so far apart; no row of the file comes near.
APART = 1_000_000


def measure() -> Iterator[Figure]:
    if not FILE.exists():
        sys.stderr.write("upload is not measured: the public SCMS export is not beside this checkout.\n")
        return
    took = run_inside("tests.benchmarks.bench_upload")
    for rows, ours, copied in took["files"]:
        yield Figure(name=f"{rows:,} rows committed, each with its report", unit="s", figure=ours, floor=copied,
                     target=SECONDS_ALLOWED * copied)  # fmt: skip
    yield Figure(name=f"memory of the worker after {MANY:,} rows, beside that after the file", unit="MB",
                 figure=took["memory_after_many"], floor=took["memory"],
                 target=MEMORY_ALLOWED * took["memory"])  # fmt: skip


def take_files_in() -> dict[str, Any]:
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    once = written(header, rows)
    ours, copied = _in_rounds(once)
    memory = megabytes()
    many = written(header, repeated(header, rows, MANY))
    files = [(len(rows), ours, copied), (MANY, _take_in("many", many, MANY), _copy(many, columns=len(header)))]
    return {"files": files, "memory": memory, "memory_after_many": megabytes()}


def _in_rounds(content: bytes) -> tuple[float, float]:
    """Medians, in seconds. The first round imports what the later ones find imported, and is not counted."""
    header, *rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    ours: list[float] = []
    copied: list[float] = []
    for number in range(ROUNDS + 1):
        parts = [
            lambda number=number: ours.append(_take_in(f"company-{number}", content, len(rows))),
            lambda: copied.append(_copy(content, columns=len(header))),
        ]
        for part in random.Random(number).sample(parts, len(parts)):  # noqa: S311 no secret
            part()
    return median(ours[1:]), median(copied[1:])


def _take_in(slug: str, content: bytes, count: int) -> float:
    """Seconds, without the person's waiting to press Import."""
    from freightbridge.background_work.work_kinds import Queue  # noqa: PLC0415 Django first
    from freightbridge.clock import read_clock  # noqa: PLC0415
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from invoices.workflows.import_upload import start_import  # noqa: PLC0415
    from invoices.workflows.receive_upload import receive_upload  # noqa: PLC0415
    from tests.conftest import make_tenant  # noqa: PLC0415
    from tests.workflows.uploads import company, run  # noqa: PLC0415

    tenant = make_tenant(slug)
    person = company(tenant, currency="USD")
    began = time.perf_counter()
    with tenant_scope(tenant):
        upload = receive_upload(content, file_name="export.csv", by=person, now=read_clock())
    run(Queue.INTERACTIVE)
    with tenant_scope(tenant):
        start_import(upload, by=person, now=read_clock())
    run(Queue.BULK)
    took = time.perf_counter() - began
    with tenant_scope(tenant):
        upload.refresh_from_db()
        assert (upload.state, upload.rows_done, upload.rows.count()) == ("done", count, count), upload.failure
    return took


def _copy(content: bytes, *, columns: int) -> float:
    from django.db import connections  # noqa: PLC0415 Django first

    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare_rows ({', '.join(f'cell_{number} text' for number in range(columns))})")
        began = time.perf_counter()
        cursor.cursor.copy_expert("COPY bare_rows FROM STDIN WITH (FORMAT csv, HEADER)", io.BytesIO(content))
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bare_rows")
    return took


def repeated(header: list[str], rows: list[list[str]], count: int) -> list[list[str]]:
    """So many rows: the same ones again and again, each time of new deliveries."""
    number, key = header.index(NUMBER), header.index(KEY)
    found: list[list[str]] = []
    while len(found) < count:
        copy = len(found) // len(rows)
        for row in rows[: count - len(found)]:
            again = list(row)
            again[number], again[key] = (
                f"{row[number]}-{copy}" if copy else row[number],
                str(int(row[key]) + copy * APART),
            )
            found.append(again)
    return found


def written(header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


def megabytes() -> float:
    """Of this process, what is resident now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    tell_inside(take_files_in) if is_inside() else tell(measure())

"""Real freight data from file to shipments: received, matched, checked in a dry run, imported, every row reported.

The floor is COPY of the same rows into a bare table of texts, committed. Each round takes the whole file in for a
company of its own; then comes a file as long as a file may be, and how much memory the worker holds after it. What a
web process does is done in another process than what a worker does, as it is elsewhere; COPY too, whose
buffers are none of the worker's.
"""

import csv
import gc
import io
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside
from tests.benchmarks.undisturbed import undisturbed

FILE = Path(__file__).parents[3] / "shared" / "data" / "scms_shipments.csv"
NUMBER, KEY = "ASN/DN #", "ID"
# COPY takes so little time that it goes several times where a file is taken in once.
MANY, ROUNDS, COPIES = 50_000, 3, 6
SECONDS_ALLOWED, MEMORY_ALLOWED = 40.0, 1.1
# Keys of repeated rows are so far apart; no row of the file comes near.
APART = 1_000_000
FOLDER = "BENCHMARK_FOLDER"


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds: all of it, those in which the worker waited for PostgreSQL, and those of COPY."""

    rows: int
    seconds: float
    waited: float
    copied: float


def measure() -> Iterator[Figure]:
    if not FILE.exists():
        sys.stderr.write("upload is not measured: the public SCMS export is not beside this checkout.\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder))
        took = run_inside("tests.benchmarks.bench_upload", settings={FOLDER: folder})
    for rows, ours, in_postgres, copied in took["files"]:
        yield Figure(name=f"{rows:,} rows committed, each with its report", unit="s", figure=ours, floor=copied,
                     target=SECONDS_ALLOWED * copied)  # fmt: skip
        yield Figure(name=f"{rows:,} rows, of it waiting for PostgreSQL", unit="s", figure=in_postgres, floor=copied,
                     target=SECONDS_ALLOWED * copied)  # fmt: skip
    yield Figure(name=f"memory of the worker after {MANY:,} rows, beside that after the file", unit="MB",
                 figure=took["memory_after_many"], floor=took["memory"],
                 target=MEMORY_ALLOWED * took["memory"])  # fmt: skip


def write_files(folder: Path) -> None:
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    (folder / "once.csv").write_bytes(written(header, rows))
    (folder / "many.csv").write_bytes(written(header, repeated(header, rows, MANY)))


def take_files_in() -> dict[str, Any]:
    folder = Path(os.environ[FOLDER])
    # Forked before any connection is open.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as web:
        web.submit(os.getpid).result()
        once = _in_rounds(folder / "once.csv", web)
        memory = megabytes()
        path = folder / "many.csv"
        before = _copies(path, web)
        taken = _take_in("many", path, web)
        many = Taken(*taken, undisturbed(before + _copies(path, web)))
        return {"files": [astuple(once), astuple(many)], "memory": memory, "memory_after_many": megabytes()}


def _in_rounds(path: Path, web: ProcessPoolExecutor) -> Taken:
    """Medians. The first round imports what the later ones find imported, and is not counted."""
    taken: list[tuple[int, float, float]] = []
    copied: list[float] = []
    for number in range(ROUNDS + 1):
        for is_ours in random.Random(number).sample((True, False), 2):  # noqa: S311 no secret
            if is_ours:
                taken.append(_take_in(f"company-{number}", path, web))
            else:
                copied += _copies(path, web)
    rows, seconds, waited = zip(*taken[1:], strict=True)
    return Taken(rows[0], median(seconds), median(waited), undisturbed(copied[COPIES:]))


def _take_in(slug: str, path: Path, web: ProcessPoolExecutor) -> tuple[int, float, float]:
    """
    Rows; seconds, without the person's waiting to press Import; of the worker's, those in which it waited for
    PostgreSQL, as it does for nothing else.
    """
    from freightbridge.background_work.work_kinds import Queue  # noqa: PLC0415 Django first
    from tests.workflows.uploads import run  # noqa: PLC0415

    spent = [web.submit(_receive, slug, path).result()]
    computed = time.process_time()
    for queue, press in ((Queue.INTERACTIVE, _press_import), (Queue.BULK, _count_rows)):
        began = time.perf_counter()
        run(queue)
        spent.append(time.perf_counter() - began)
        rows = web.submit(press, slug).result()
    return rows, sum(spent), sum(spent[1:]) - (time.process_time() - computed)


def _receive(slug: str, path: Path) -> float:
    """Seconds."""
    from freightbridge.clock import read_clock  # noqa: PLC0415 Django first
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from invoices.workflows.receive_upload import receive_upload  # noqa: PLC0415
    from tests.conftest import make_tenant  # noqa: PLC0415
    from tests.workflows.uploads import company  # noqa: PLC0415

    tenant = make_tenant(slug)
    person, content = company(tenant, currency="USD"), path.read_bytes()
    began = time.perf_counter()
    with tenant_scope(tenant):
        receive_upload(content, file_name="export.csv", by=person, now=read_clock())
    return time.perf_counter() - began


def _press_import(slug: str) -> int:
    from freightbridge.clock import read_clock  # noqa: PLC0415 Django first
    from freightbridge.tenancy.models import Tenant  # noqa: PLC0415
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from invoices.models import Upload  # noqa: PLC0415
    from invoices.workflows.import_upload import start_import  # noqa: PLC0415

    with tenant_scope(Tenant.objects.get(slug=slug)):
        upload = Upload.objects.select_related("uploaded_by").get()
        start_import(upload, by=upload.uploaded_by, now=read_clock())
        return upload.row_count


def _count_rows(slug: str) -> int:
    """All of them, or it fails."""
    from freightbridge.tenancy.models import Tenant  # noqa: PLC0415 Django first
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from invoices.models import Upload  # noqa: PLC0415

    with tenant_scope(Tenant.objects.get(slug=slug)):
        upload = Upload.objects.get()
        assert (upload.state, upload.rows_done) == ("done", upload.rows.count()), upload.failure
        return upload.rows_done


def _copies(path: Path, web: ProcessPoolExecutor) -> list[float]:
    return [web.submit(_copy, path).result() for _ in range(COPIES)]


def _copy(path: Path) -> float:
    from django.db import connections  # noqa: PLC0415 Django first

    # A new one: how fast two processes pass rows on is a matter of chance, which lasts as long as both do.
    connections["owner"].close()
    with connections["owner"].cursor() as cursor, path.open("rb") as file:
        columns = len(next(csv.reader([file.readline().decode()])))
        cursor.execute(f"CREATE TABLE bare_rows ({', '.join(f'cell_{number} text' for number in range(columns))})")
        file.seek(0)
        began = time.perf_counter()
        cursor.cursor.copy_expert("COPY bare_rows FROM STDIN WITH (FORMAT csv, HEADER)", file)
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

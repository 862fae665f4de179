"""What a document costs of Xero's quota: the calls of contacts, drafts, PDFs and approvals, by the sandbox's journal.

The floor is one call for each PDF, and two for each fifty documents: to create them, and to approve them. Everything
is held against Xero's answers on the way, which costs no call of its own. The two kinds go at the same time, each with
a database, workers and a sandbox of its own: while one waits the other computes.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from freightbridge.environment import CHECKOUT
from tests.benchmarks.figures import Figure, tell

SHIPMENTS = 1050
BATCH, STEPS = 50, 2
ALLOWED = {True: 1.06, False: 0.06}


def measure() -> Iterator[Figure]:
    with ThreadPoolExecutor(len(ALLOWED)) as pool:
        runs = list(pool.map(lambda wants_pdfs: main_job(wants_pdfs=wants_pdfs), ALLOWED))
    for (wants_pdfs, allowed), run in zip(ALLOWED.items(), runs, strict=True):
        kind = "with its PDF" if wants_pdfs else "without a PDF"
        yield Figure(
            name=f"calls for a document {kind}, of {run['documents']}",
            unit="calls",
            figure=float(run["calls_per_document"]),
            floor=wants_pdfs + STEPS / BATCH,
            target=allowed,
        )


def main_job(*, wants_pdfs: bool) -> dict[str, object]:
    """The whole of it, from the upload on; it fails where anything about the documents is not right."""
    command = [sys.executable, "manage.py", "demo", "--once", f"--shipments={SHIPMENTS}", "--json"]
    flags = [] if wants_pdfs else ["--without-pdfs"]
    run = subprocess.run([*command, *flags], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, object] = json.loads(run.stdout)
    return told


if __name__ == "__main__":
    tell(measure())

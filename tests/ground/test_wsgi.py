"""A web process has loaded every page before the first person comes, and looks through none of it any more."""

import json
import subprocess
import sys

from freightbridge.environment import CHECKOUT
from freightbridge.settle_memory import THRESHOLDS

LOADED = """
import gc, json, sys
import freightbridge.wsgi
print(json.dumps([gc.get_freeze_count(), gc.get_threshold(), "invoices.web.attention_pages" in sys.modules]))
"""


def test_pages_are_loaded_and_settled() -> None:
    command = [sys.executable, "-c", LOADED]
    run = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)

    frozen, thresholds, has_pages = json.loads(run.stdout)

    assert frozen > 100_000
    assert (tuple(thresholds), has_pages) == (THRESHOLDS, True)

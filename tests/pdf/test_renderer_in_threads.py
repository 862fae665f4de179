"""Two threads of a worker render: Pango's lists are touched by one at a time, the collector's touch counted."""

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from invoices.pdf.renderer import render_invoice
from tests.pdf.printed_samples import view

pytestmark = pytest.mark.pdf
THREADS = 3
# Well within a page.
FAILING_TEXT = 50


@pytest.fixture
def layouts() -> type:
    """What holds Pango's own objects, and lets go of them as it goes."""
    render_invoice(view())
    from weasyprint.text.line_break import Layout  # noqa: PLC0415 the renderer names the fonts first

    return Layout


def test_one_thread_renders_at_a_time_and_none_collects(layouts: type, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, collecting = [0], [False]
    lay_out = layouts.__init__

    def watched(layout: Any, *arguments: Any, **keywords: Any) -> None:
        inside.append(threading.get_ident())
        time.sleep(0.0001)
        lay_out(layout, *arguments, **keywords)
        collecting.append(gc.isenabled())

    monkeypatch.setattr(layouts, "__init__", watched)
    with ThreadPoolExecutor(THREADS) as pool:
        rendered = list(pool.map(lambda _: render_invoice(view()), range(THREADS)))

    turns = [one for one, before in zip(inside[1:], inside, strict=False) if one != before]
    assert len(turns) == len(set(turns)) == THREADS
    assert len(set(rendered)) == 1
    assert not any(collecting)


def test_nothing_of_pango_is_left_for_the_collector_of_another_thread(layouts: type) -> None:
    before = ids_of(layouts)

    render_invoice(view())

    assert ids_of(layouts) <= before


def test_rendering_that_fails_leaves_nothing_either(layouts: type, monkeypatch: pytest.MonkeyPatch) -> None:
    before, texts, set_text = ids_of(layouts), count(), layouts.set_text  # type: ignore[attr-defined]

    def failing(*arguments: Any, **keywords: Any) -> None:
        if next(texts) == FAILING_TEXT:
            raise MemoryError
        set_text(*arguments, **keywords)

    monkeypatch.setattr(layouts, "set_text", failing)
    # Kept, as a log or a retry keeps it.
    with pytest.raises(MemoryError) as failure:
        render_invoice(view())

    assert failure.traceback
    assert ids_of(layouts) <= before


def ids_of(kind: type) -> set[int]:
    """By the type itself: other tests leave promises behind, which `isinstance` would have them keep."""
    return {id(one) for one in gc.get_objects() if type(one) is kind}

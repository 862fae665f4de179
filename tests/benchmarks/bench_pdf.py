"""What an invoice's PDF costs: beside bare WeasyPrint, beside the template that everyone writes first, and in memory.

An invoice of 15 lines, three rows of text each, with a logo, the way that a worker renders it: read from the database,
rendered, stored, handed to its job. Each round makes every kind once, in another order; times are medians of all
rounds. Bare WeasyPrint gets the same HTML, style and fonts, kept from document to document as ours are. The many
documents whose memory counts are made meanwhile in a process of their own, to which all others go first.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.scratch_program import INSIDE, is_inside, run_inside, tell_inside

ROUNDS, LINES = 40, 15
EARLY, LATE = 10, 1000
# Of the ranks by which the system serves processes.
LAST = 19
MANY = "--many"
PIPELINE_ALLOWED, TEMPLATE_ALLOWED, MEMORY_ALLOWED = 1.03, 0.5, 1.05
TEXT = "Ocean freight, 40 ft high cube, container MSKU{0:07d}, seal {0:06d}, said to contain household goods, 12,400 kg"
TERMS = ("Payment is due within 30 days.", "Goods travel at the owner's risk.", "Storage is charged by the day.",
         "The trading conditions of the association of freight forwarders apply.")  # fmt: skip


def measure() -> Iterator[Figure]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_pdf", INSIDE, MANY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as many:
        took = run_inside("tests.benchmarks.bench_pdf")
        yield from beside_the_barest(took)
        sizes = json.loads(many.communicate()[0])
    yield Figure(name=f"memory after {LATE:,} documents of one line, beside {EARLY}", unit="MiB", figure=sizes["late"],
                 floor=sizes["early"], target=MEMORY_ALLOWED * sizes["early"])  # fmt: skip


def beside_the_barest(took: Any) -> Iterator[Figure]:
    times = {kind: median(values) for kind, values in took["milliseconds"].items()}
    yield Figure(name=f"read, rendered and stored, {LINES} lines, beside bare WeasyPrint", unit="ms",
                 figure=times["pipeline"], floor=times["bare"], target=PIPELINE_ALLOWED * times["bare"])  # fmt: skip
    yield Figure(name=f"rendered alone, {LINES} lines, beside bare WeasyPrint", unit="ms", figure=times["ours"],
                 floor=times["bare"], target=times["bare"])  # fmt: skip
    yield Figure(name=f"rendered, {LINES} lines, beside a naive template", unit="ms", figure=times["ours"],
                 floor=times["naive"], target=TEMPLATE_ALLOWED * times["naive"])  # fmt: skip


def play() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return {"milliseconds": render_in_turn(Path(folder))}


def render_many() -> dict[str, float]:
    """Mebibytes of this process, after a few documents and after many."""
    from invoices.pdf.renderer import render_invoice  # noqa: PLC0415 Django first
    from tests.benchmarks.bench_sandbox import resident_mebibytes  # noqa: PLC0415
    from tests.pdf.printed_samples import view  # noqa: PLC0415

    os.nice(LAST)
    sizes = {}
    for number in range(1, LATE + 1):
        render_invoice(view(number=f"INV-{number:05}"))
        if number in {EARLY, LATE}:
            sizes[number] = resident_mebibytes(os.getpid())
    return {"early": sizes[EARLY], "late": sizes[LATE]}


def render_in_turn(folder: Path) -> dict[str, list[float]]:
    """Milliseconds of each kind, by rounds. The first round is not counted."""
    from invoices.pdf.renderer import render_invoice  # noqa: PLC0415 Django first
    from tests.benchmarks.naive_pdf import NaiveProcess  # noqa: PLC0415
    from tests.conftest import make_tenant  # noqa: PLC0415

    tenant = make_tenant("acme")
    invoices = approved(tenant)
    # The renderer names the fonts as it is used first, before anything else asks for WeasyPrint.
    render_invoice(invoices[0][1])
    bare = bare_rendering()
    times: dict[str, list[float]] = {"pipeline": [], "ours": [], "bare": [], "naive": []}
    with NaiveProcess([view for _, view in invoices], folder) as naive:
        for number, (invoice_id, view) in enumerate(invoices):
            kinds = rendering(tenant, invoice_id, view, bare=bare)
            kinds["naive"] = partial(naive.render, number)
            for kind, render in random.Random(number).sample(list(kinds.items()), len(kinds)):  # noqa: S311 no secret
                took = render()
                if number:
                    times[kind].append(took)
    return times


def timed(render: Callable[[], object]) -> float:
    began = time.perf_counter()
    render()
    return 1000 * (time.perf_counter() - began)


def rendering(
    tenant: Any, invoice_id: int, view: Any, *, bare: Callable[[str], object]
) -> dict[str, Callable[[], float]]:
    """Each says how many milliseconds it took."""
    from django.template.loader import render_to_string  # noqa: PLC0415 Django first

    from freightbridge.background_work.work_kinds import Work  # noqa: PLC0415
    from invoices.pdf.renderer import render_invoice  # noqa: PLC0415
    from invoices.workflows.render_pdf import render_pdf  # noqa: PLC0415

    html = render_to_string("pdf/invoice.jinja", {"invoice": view}, using="jinja")
    return {
        "pipeline": partial(timed, lambda: render_pdf(Work(tenant_id=tenant.pk, subject_id=invoice_id))),
        "ours": partial(timed, lambda: render_invoice(view)),
        "bare": partial(timed, lambda: bare(html)),
    }


def bare_rendering() -> Callable[[str], object]:
    import weasyprint  # noqa: PLC0415 the renderer has named the fonts by now
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    from invoices.pdf.renderer import ACCESSIBLE, STYLE  # noqa: PLC0415 Django first

    fonts = FontConfiguration()
    style = weasyprint.CSS(filename=STYLE, font_config=fonts)
    size = weasyprint.CSS(string="@page { size: A4 }", font_config=fonts)

    def render(html: str) -> object:
        return weasyprint.HTML(string=html).write_pdf(
            font_config=fonts, stylesheets=[style, size], pdf_variant=ACCESSIBLE
        )

    return render


def approved(tenant: Any) -> list[tuple[int, Any]]:
    """An invoice for each round, with what is printed of it; none is rendered."""
    from freightbridge.stored_files.store_file import store_file  # noqa: PLC0415 Django first
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from invoices.models import BillingEntity, ShipmentCharge  # noqa: PLC0415
    from invoices.pdf.clean_logo import clean_logo  # noqa: PLC0415
    from invoices.pdf.printed_invoice import printable_invoices, printed_invoice  # noqa: PLC0415
    from tests.benchmarks.naive_pdf import LOGO_SIZE  # noqa: PLC0415
    from tests.conftest import NOW  # noqa: PLC0415
    from tests.freight_factories import ChargeCodeFactory, ChargeFactory  # noqa: PLC0415
    from tests.pdf.pictures import picture  # noqa: PLC0415
    from tests.web.page_company import assessed, company, sent  # noqa: PLC0415

    company(tenant)
    shipments = assessed(tenant, ROUNDS + 1)
    with tenant_scope(tenant):
        logo = clean_logo(picture(LOGO_SIZE, mode="RGBA"))
        file = store_file(logo.content, content_type=logo.content_type, now=NOW)
        terms = "\n".join(TERMS)
        BillingEntity.objects.update(logo=file, bank_details="BSB 082-001\nAccount 12-345-678", invoice_terms=terms)
        code = ChargeCodeFactory()
        ShipmentCharge.objects.bulk_create(
            ChargeFactory.build(shipment=shipment, charge_code=code, description=TEXT.format(number), quantity=number)
            for shipment in shipments
            for number in range(2, LINES + 1)
        )
    sent(tenant, shipments, state="queued")
    with tenant_scope(tenant):
        return [(invoice.pk, printed_invoice(invoice)) for invoice in printable_invoices().order_by("pk")]


if __name__ == "__main__":
    tell_inside(render_many if MANY in sys.argv else play) if is_inside() else tell(measure())

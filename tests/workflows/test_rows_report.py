import csv
import io

from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.intake.read_table import REPORT_COLUMNS
from invoices.models import Upload
from invoices.models.upload import UploadState
from invoices.workflows.check_upload import start_check
from invoices.workflows.rows_report import rows_report
from tests.intake.planned_files import csv_file
from tests.intake.workbook_files import workbook
from tests.workflows.uploads import USUAL, check, company, jobs, line, report, run, take_in


def rows(tenant: Tenant, upload: Upload, **options: bool) -> list[list[str]]:
    with tenant_scope(tenant):
        content = rows_report(upload, **options)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_report_holds_the_rows_that_have_remarks_and_why(tenant: Tenant) -> None:
    upload = check(tenant, jobs(line("S-1"), line("S-1", "THC"), line("S-2", "XYZ", price="a lot")), by=company(tenant))

    header, first, second = rows(tenant, upload)

    assert header == [*USUAL, *REPORT_COLUMNS]
    assert first[-3:] == ["2", "new", "Customer Code: A new customer: Blue Ltd."]
    assert second == [*line("S-2", "XYZ", price="a lot"), "4", "new", "Unit Price: “a lot” is no number."]


def test_rows_with_errors_can_be_had_alone(tenant: Tenant) -> None:
    upload = check(tenant, jobs(line("S-1"), line("S-2", price="a lot")), by=company(tenant))

    assert [row[0] for row in rows(tenant, upload, errors_only=True)] == ["Shipment Number", "S-2"]


def test_no_cell_of_the_report_runs_as_a_formula(tenant: Tenant) -> None:
    hostile = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "＝1"]  # noqa: RUF001 the full-width sign is meant
    lines = [[f"S-{number}", text, "mule"] for number, text in enumerate(hostile)]
    person = company(tenant)
    upload = check(tenant, csv_file(["Shipment Number", "=HYPERLINK()", "@Mode"], *lines), by=person)
    rules = {"fields": {"number": {"columns": ["Shipment Number"]}, "mode": {"columns": ["@Mode"]}}}
    with tenant_scope(tenant):
        start_check(upload, rules=rules, by=person, now=read_clock())
    run(Queue.INTERACTIVE)

    header, *found = rows(tenant, upload)

    assert header[:3] == ["Shipment Number", "'=HYPERLINK()", "'@Mode"]
    assert [row[1] for row in found] == [f"'{text}" for text in hostile]
    assert {row[-1][:8] for row in found} == {"'@Mode: "}


def test_mended_report_goes_in_just_so(tenant: Tenant) -> None:
    person = company(tenant)
    take_in(tenant, jobs(line("S-1"), line("S-2", price="a lot", Customer_Name="=Blue Ltd")), by=person)
    with tenant_scope(tenant):
        mended = rows_report(Upload.objects.get(), errors_only=True).replace(b"a lot", b"120")

    upload = take_in(tenant, mended, by=person)

    assert upload.state == UploadState.DONE
    assert upload.header == list(USUAL)
    assert [(number, outcome) for _, number, outcome, _ in report(tenant, upload)] == [("S-2", "changed")]


def test_numbers_of_a_workbook_are_written_as_its_match_reads_them(tenant: Tenant) -> None:
    person = company(tenant)
    sheet = [list(USUAL), [*line("S-1", price="1.234,50")[:-2], 2.5, "1.234,50"], [*line("S-2")[:-1], "viel"]]
    upload = check(tenant, workbook({"Jobs": sheet}), by=person)

    _, first, _ = rows(tenant, upload)

    assert upload.rules["decimal_mark"] == "comma"
    assert first[-5:-3] == ["2,5", "1.234,50"]

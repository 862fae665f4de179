from freightbridge.background_work.work_kinds import Queue, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Customer, Shipment, SourceRow
from invoices.models.upload import UploadState
from invoices.workflows.check_upload import checking_gave_up, start_check
from invoices.workflows.summarise_upload import UploadSummary, summarise_upload
from tests.workflows.uploads import check, company, fresh, jobs, line, report, run, take_in

CONTENT = jobs(
    line("S-1"),
    line("S-1", "THC", "40"),
    line("S-2", "XYZ"),
    line("", "FRT"),
    line("S-3", price="a lot", Currency="AUD"),
)


def test_dry_run_tells_of_every_row_and_touches_nothing(tenant: Tenant) -> None:
    upload = check(tenant, CONTENT, by=company(tenant))

    assert (upload.state, upload.rows_done, upload.row_count) == (UploadState.CHECKED, 5, 5)
    assert report(tenant, upload) == [
        (2, "S-1", "new", ["A new customer: Blue Ltd."]),
        (3, "S-1", "new", []),
        (4, "S-2", "new", ["There is no charge code “XYZ”. The charge cannot be invoiced until it has one."]),
        (5, "", "refused", ["The row has no shipment number, so it belongs to no shipment."]),
        (6, "S-3", "new", ["“a lot” is no number."]),
    ]
    with tenant_scope(tenant):
        assert [model.objects.count() for model in (Shipment, Customer, SourceRow)] == [0, 0, 0]


def test_summary_counts_rows_by_what_becomes_of_them(tenant: Tenant) -> None:
    upload = check(tenant, CONTENT, by=company(tenant))

    with tenant_scope(tenant):
        summary = summarise_upload(upload)

    assert summary == UploadSummary(
        rows=5, shipments=3, new=4, changed=0, same=0, refused=1, errors=3, warnings=0, remarks=4
    )


def test_dry_run_over_what_stands_tells_what_would_change(tenant: Tenant) -> None:
    person = company(tenant)
    take_in(tenant, jobs(line("S-1"), line("S-2")), by=person)

    upload = check(tenant, jobs(line("S-1"), line("S-2", price="120"), line("S-3")), by=person)

    outcomes = [(number, outcome) for _, number, outcome, _ in report(tenant, upload)]
    assert outcomes == [("S-1", "same"), ("S-2", "changed"), ("S-3", "new")]
    with tenant_scope(tenant):
        assert Shipment.objects.get(number="S-2").charges.get().unit_price == 100


def test_other_rules_replace_the_report(tenant: Tenant) -> None:
    person = company(tenant)
    upload = check(tenant, jobs(line("S-1")), by=person)
    rules = {"fields": {"number": {"columns": ["Customer Code"]}}}

    with tenant_scope(tenant):
        start_check(upload, rules=rules, by=person, now=read_clock())
    run(Queue.INTERACTIVE)

    assert report(tenant, fresh(tenant, upload)) == [(2, "BLUE", "new", [])]


def test_file_that_breaks_meanwhile_is_told(tenant: Tenant) -> None:
    """Nobody changes stored bytes, but reading them may take more than a busy machine has."""
    person = company(tenant)
    upload = check(tenant, jobs(line("S-1")), by=person)
    with tenant_scope(tenant):
        upload.file.content = b"%PDF"
        upload.file.save()
        start_check(upload, rules=upload.rules, by=person, now=read_clock())

    run(Queue.INTERACTIVE)

    broken = fresh(tenant, upload)
    assert (broken.state, broken.failure[:14]) == (UploadState.FAILED, "This is a PDF.")


def test_check_that_was_given_up_says_so(tenant: Tenant) -> None:
    upload = check(tenant, jobs(line("S-1")), by=company(tenant))

    checking_gave_up(Work(tenant_id=tenant.pk, subject_id=upload.pk), "DataError: too long")

    broken = fresh(tenant, upload)
    assert broken.state == UploadState.FAILED
    assert broken.failure == (
        "The file could not be checked, which is our fault. Nothing was imported. (DataError: too long)"
    )

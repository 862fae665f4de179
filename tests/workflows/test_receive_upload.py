from datetime import timedelta
from typing import Any

import pytest

from freightbridge.access.models import User
from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.enqueue_work import has_work
from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.intake.built_in_matches import SCMS
from invoices.intake.column_match import ColumnMatchError, write_rules
from invoices.intake.source_table import UnreadableFileError
from invoices.models import ColumnMatch, Upload
from invoices.models.upload import UploadState
from invoices.work_names import CHECK_UPLOAD
from invoices.workflows.check_upload import UploadStateError, start_check
from invoices.workflows.receive_upload import choose_sheet, receive_upload
from tests.conftest import NOW, make_member
from tests.intake.planned_files import csv_file
from tests.intake.workbook_files import workbook
from tests.workflows.uploads import jobs, line

FOREIGN = csv_file(["Dossier", "Marchandise", "Kilos"], ["D-1", "Vin", "12"], ["D-2", "Café", "3"])
RULES: dict[str, Any] = {"fields": {"number": {"columns": ["Dossier"]}, "goods": {"columns": ["Marchandise"]}}}


@pytest.fixture
def person(tenant: Tenant) -> User:
    return make_member(tenant, "operator")


def receive(content: bytes, person: User, file_name: str = "jobs.csv") -> Upload:
    return receive_upload(content, file_name=file_name, by=person, now=NOW)


def test_file_of_our_template_is_checked_at_once(person: User, in_tenant: Tenant) -> None:
    upload = receive(jobs(line("S-1"), line("S-2")), person)

    assert (upload.number, upload.state, upload.row_count) == (1, UploadState.CHECKING, 2)
    assert has_work(CHECK_UPLOAD, upload.pk)


def test_file_of_unknown_columns_waits_with_a_proposal(person: User, in_tenant: Tenant) -> None:
    content = csv_file(["Job No", "Cargo", "Dossier"], ["J-1", "Tiles", "x"])

    upload = receive(content, person, "C:\\exports\\March\x07.csv")

    assert (upload.state, upload.file_name) == (UploadState.MATCHING, "March.csv")
    assert upload.rules["fields"] == {"number": {"columns": ["Job No"]}, "goods": {"columns": ["Cargo"]}}
    assert upload.confidence == {"Job No": 0.9, "Cargo": 0.9}
    assert (upload.header, upload.sample) == (["Job No", "Cargo", "Dossier"], [["J-1", "Tiles", "x"]])
    assert not has_work(CHECK_UPLOAD, upload.pk)


def test_file_that_cannot_be_read_leaves_nothing(person: User, in_tenant: Tenant) -> None:
    with pytest.raises(UnreadableFileError, match="This is a PDF"):
        receive(b"%PDF-1.7", person)

    assert (Upload.objects.count(), StoredFile.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def test_built_in_match_is_recognised_by_the_header(person: User, in_tenant: Tenant) -> None:
    upload = receive(csv_file(SCMS.rules.columns, ["x"] * len(SCMS.rules.columns)), person)

    assert (upload.state, upload.rules) == (UploadState.CHECKING, write_rules(SCMS.rules))


def test_confirmed_match_is_remembered_for_the_next_file(person: User, in_tenant: Tenant) -> None:
    first = receive(FOREIGN, person, "Dossiers.csv")
    start_check(first, rules=RULES, by=person, now=NOW)

    reordered = csv_file(["Kilos", "Dossier", "Marchandise"], ["7", "D-3", "Thé"])
    second = receive_upload(reordered, file_name="next.csv", by=person, now=NOW + timedelta(days=1))

    match = ColumnMatch.objects.get()
    assert (match.name, match.used_at) == ("Dossiers", NOW + timedelta(days=1))
    assert (second.state, second.column_match, second.rules) == (UploadState.CHECKING, match, first.rules)


def test_match_of_a_header_is_replaced_and_names_do_not_collide(person: User, in_tenant: Tenant) -> None:
    start_check(receive(FOREIGN, person), rules=RULES, by=person, now=NOW)
    other = csv_file(["Dossier", "Marchandise"], ["D-1", "Vin"])
    start_check(receive(other, person), rules=RULES, by=person, now=NOW)
    again = {"fields": {"number": {"columns": ["Dossier"]}}}
    upload = receive(FOREIGN, person)
    start_check(upload, rules=again, by=person, now=NOW)

    matches = list(ColumnMatch.objects.order_by("id").values_list("name", "rules__fields"))
    assert matches == [("jobs", again["fields"]), ("jobs 2", RULES["fields"])]


def test_remembered_match_that_can_no_longer_be_read_is_not_used(person: User, in_tenant: Tenant) -> None:
    start_check(receive(FOREIGN, person), rules=RULES, by=person, now=NOW)
    ColumnMatch.objects.update(rules={"fields": {"colour": {}}})

    assert receive(FOREIGN, person).state == UploadState.MATCHING


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"fields": {"number": {"columns": ["Absent"]}}}, "The file has no column “Absent”."),
        ({"fields": {}}, "No column is matched to the shipment number"),
        ("nonsense", "not in the form"),
    ],
)
def test_match_that_cannot_work_is_refused(person: User, in_tenant: Tenant, rules: Any, sentence: str) -> None:
    upload = receive(FOREIGN, person)

    with pytest.raises(ColumnMatchError, match=sentence):
        start_check(upload, rules=rules, by=person, now=NOW)


def test_columns_of_an_imported_file_are_not_matched_again(person: User, in_tenant: Tenant) -> None:
    upload = receive(FOREIGN, person)
    Upload.objects.update(state=UploadState.DONE)

    with pytest.raises(UploadStateError, match="is in the state “Imported”"):
        start_check(upload, rules=RULES, by=person, now=NOW)


def test_same_file_again_is_told(person: User, in_tenant: Tenant) -> None:
    receive(FOREIGN, person)

    upload = receive(FOREIGN, person)

    told = "The same file came in before, as upload 1; rows that are there already stay as they are."
    assert (upload.number, upload.notes) == (2, [told])
    assert StoredFile.objects.count() == 1


def test_how_the_file_was_read_is_told(person: User, in_tenant: Tenant) -> None:
    upload = receive("Dossier,Lieu,Lieu\nD-1,Zürich,Genève\n".encode("cp1252"), person)

    assert [note[:40] for note in upload.notes] == [
        "The file is not in UTF-8; it was read as",
        "Several columns are called “Lieu”; numbe",
    ]


def test_another_sheet_of_a_workbook_can_be_chosen(person: User, in_tenant: Tenant) -> None:
    sheets = {
        "March": [["Dossier", "Kilos"], ["D-1", 3]],
        "April": [["Job No", "Cargo"], ["J-1", "Tiles"], ["J-2", ""]],
    }
    upload = receive(workbook(sheets), person, "jobs.xlsx")
    assert (upload.sheet, upload.header) == ("March", ["Dossier", "Kilos"])

    choose_sheet(upload, "April", now=NOW)

    assert (upload.sheet, upload.sheets, upload.header) == ("April", ["March", "April"], ["Job No", "Cargo"])
    assert (upload.row_count, upload.notes) == (2, ["The sheet “April” was read. Not read: “March”."])


def test_upload_is_audited(person: User, in_tenant: Tenant) -> None:
    upload = receive(FOREIGN, person)
    start_check(upload, rules=RULES, by=person, now=NOW)

    events = AuditEvent.objects.order_by("id").values_list("action", "actor", "subject_id")
    assert list(events) == [
        ("upload file", person.email, upload.public_id),
        ("match columns", person.email, upload.public_id),
    ]


def test_upload_is_seen_by_its_tenant_only(tenant: Tenant, other_tenant: Tenant, person: User) -> None:
    with tenant_scope(tenant):
        receive(FOREIGN, person)

    with tenant_scope(other_tenant):
        assert (Upload.objects.count(), StoredFile.objects.count()) == (0, 0)

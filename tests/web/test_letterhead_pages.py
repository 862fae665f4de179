"""An admin says what stands on the documents of a billing entity: names, bank, terms, paper and logo (F53, F67)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from freightbridge.audit.models import AuditEvent
from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import BillingEntity, Invoice
from invoices.pdf.clean_logo import LARGEST_FILE
from invoices.pdf.printed_invoice import printed_invoice
from tests.conftest import NOW
from tests.pdf.pictures import picture
from tests.web.page_company import Visitor, assessed, company, sent, visitor

pytestmark = pytest.mark.django_db
LETTERHEAD = {
    "name": "Acme Freight Pacific", "tax_number": "51 824 753 556", "street": "1 Wharf Road", "city": "Sydney",
    "region": "NSW", "postal_code": "2000", "country": "AU", "email": "billing@acme.example", "phone": "",
    "paper_size": "letter", "bank_details": "BSB 082-001\nAccount 12-345", "invoice_terms": "30 days net.",
    "payment_terms_days": "30",
}  # fmt: skip


@pytest.fixture
def entity(tenant: Tenant) -> BillingEntity:
    company(tenant)
    with tenant_scope(tenant):
        return BillingEntity.objects.get()


def uploaded(person: Visitor, entity: BillingEntity, content: bytes, name: str = "logo.png") -> str:
    """What the page says after the upload."""
    person.post("logo_upload", entity.public_id, logo=SimpleUploadedFile(name, content))
    return person.text("letterhead", entity.public_id)


def stored(entity: BillingEntity) -> BillingEntity:
    with tenant_scope(entity.tenant):
        return BillingEntity.objects.select_related("logo").get(pk=entity.pk)


def test_logo_is_uploaded_shown_and_removed(tenant: Tenant, admin: Visitor, entity: BillingEntity) -> None:
    page = uploaded(admin, entity, picture())
    shown = admin.get("letterhead_logo", entity.public_id)
    admin.post("logo_remove", entity.public_id)
    after = admin.text("letterhead", entity.public_id)

    assert (shown["Content-Type"], shown.content[:4]) == ("image/png", b"\x89PNG")
    assert f'alt="Logo of {entity.name}"' in page
    assert "There is none: the name stands alone" in after
    assert admin.get("letterhead_logo", entity.public_id).status_code == 404
    with tenant_scope(tenant):
        actions = list(AuditEvent.objects.filter(subject_id=entity.public_id).order_by("id").values_list("action"))
    assert actions == [("logo changed",), ("logo removed",)]
    assert stored(entity).logo is None


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "logo.png", "SVG drawing"),
        (b"GIF89a not a picture", "logo.gif", "no picture that can be read"),
        (b"\0" * (LARGEST_FILE + 1), "logo.png", "Up to 5 MB"),
        (b"", "logo.png", "The file is empty"),
    ],
)
def test_what_is_no_logo_is_refused_and_the_old_one_stays(
    admin: Visitor, entity: BillingEntity, content: bytes, name: str, words: str
) -> None:
    uploaded(admin, entity, picture())
    before = stored(entity).logo

    assert words in uploaded(admin, entity, content, name)
    assert stored(entity).logo == before is not None


def test_bytes_of_a_logo_that_nothing_shows_any_more_are_gone(
    tenant: Tenant, admin: Visitor, entity: BillingEntity
) -> None:
    with tenant_scope(tenant):
        second = BillingEntity.objects.create(code="NZ", name="Acme Freight NZ", base_currency="NZD")
    kept = []
    uploaded(admin, entity, picture())
    uploaded(admin, second, picture())
    for act in (
        lambda: admin.post("logo_remove", second.public_id),
        lambda: uploaded(admin, entity, picture((240, 90))),
        lambda: admin.post("logo_remove", entity.public_id),
    ):
        act()
        with tenant_scope(tenant):
            kept.append(list(StoredFile.objects.filter(content_type="image/png").values_list("sha256", flat=True)))

    assert [len(one) for one in kept] == [1, 1, 0]
    assert kept[0] != kept[1]


def test_logo_of_another_company_is_not_to_be_had(admin: Visitor, entity: BillingEntity, other_tenant: Tenant) -> None:
    uploaded(admin, entity, picture())
    stranger = visitor(other_tenant, "admin")

    answers = [stranger.get(page, entity.public_id).status_code for page in ("letterhead", "letterhead_logo")]
    answers += [stranger.post(page, entity.public_id).status_code for page in ("logo_remove", "letterhead_save")]

    assert answers == [404] * 4
    assert stored(entity).logo is not None


def test_operator_sees_the_letterhead_and_may_not_change_it(operator: Visitor, entity: BillingEntity) -> None:
    page = operator.text("letterhead", entity.public_id)

    assert 'type="file"' not in page
    assert "disabled" in page
    posts = ("letterhead_save", "logo_upload", "logo_remove")
    assert [operator.post(name, entity.public_id).status_code for name in posts] == [403] * 3


def test_letterhead_is_saved_and_told(tenant: Tenant, admin: Visitor, entity: BillingEntity) -> None:
    admin.post("letterhead_save", entity.public_id, **LETTERHEAD)

    saved = stored(entity)
    assert {name: getattr(saved, name) for name in ("name", "country", "paper_size", "invoice_terms")} == {
        name: LETTERHEAD[name] for name in ("name", "country", "paper_size", "invoice_terms")
    }
    with tenant_scope(tenant):
        told = AuditEvent.objects.get(action="letterhead changed").details
    assert told["Paper"] == {"before": "", "after": "Letter (8.5 × 11 in)"}
    assert "It prints on Letter." in admin.text("letterhead", entity.public_id)


def test_mistake_is_told_at_its_field_and_the_rest_is_kept(admin: Visitor, entity: BillingEntity) -> None:
    wrong = {**LETTERHEAD, "email": "no address", "invoice_terms": "x" * 20_001, "phone": "+61 2 5550"}

    page = admin.post("letterhead_save", entity.public_id, **wrong).content.decode()

    assert "Enter a valid email address." in page
    assert "Ensure this value has at most 20000 characters" in page
    assert 'value="+61 2 5550"' in page
    assert stored(entity).name == entity.name


def test_routing_page_leads_to_the_letterhead(admin: Visitor, entity: BillingEntity) -> None:
    assert f"/settings/entities/{entity.public_id}/" in admin.text("routing")


def with_pdf(tenant: Tenant, entity: BillingEntity, **fields: Any) -> Invoice:
    """An invoice that somebody has looked at already."""
    with tenant_scope(tenant):
        invoice = Invoice.objects.order_by("id")[0]
        invoice.pdf = StoredFile.objects.create(
            sha256="0" * 64, size=4, content_type="application/pdf", content=b"%PDF", stored_at=NOW
        )
        invoice.pdf_fingerprint = "f"
        invoice.save()
        Invoice.objects.filter(pk=invoice.pk).update(**fields)
        return invoice


@pytest.mark.parametrize(("status", "stays"), [("approved", True), ("draft", False)])
def test_drafts_show_the_new_logo_and_what_is_approved_stays_as_it_was_sent(
    tenant: Tenant, admin: Visitor, entity: BillingEntity, status: str, stays: bool
) -> None:
    sent(tenant, assessed(tenant))
    invoice = with_pdf(tenant, entity, status=status)

    uploaded(admin, entity, picture())

    with tenant_scope(tenant):
        assert (Invoice.objects.get(pk=invoice.pk).pdf is not None) == stays
        assert printed_invoice(invoice).logo.startswith("data:image/png;base64,")


def test_log_in_is_asked_for_the_logo(entity: BillingEntity) -> None:
    assert Client().get(f"/o/acme-freight/settings/entities/{entity.public_id}/logo/").status_code == 302

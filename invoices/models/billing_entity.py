from django.db import models

from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import TenantModel
from invoices.models.address import Address


class PaperSize(models.TextChoices):
    """What its documents are printed on; empty: what its country prints on."""

    BY_COUNTRY = "", "As usual in its country"
    A4 = "A4", "A4"
    LETTER = "letter", "Letter (8.5 × 11 in)"


class BillingEntity(Address, TenantModel):
    """A company of the tenant's that invoices are raised by, with its own numbers, terms and letterhead."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    tax_number = models.CharField(max_length=50, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=50, blank=True)
    base_currency = models.CharField(max_length=3)
    payment_terms_days = models.PositiveSmallIntegerField(default=30)
    bank_details = models.TextField(blank=True)
    invoice_terms = models.TextField(blank=True)
    logo = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, db_constraint=False, related_name="+")
    paper_size = models.CharField(max_length=10, choices=PaperSize, blank=True, default=PaperSize.BY_COUNTRY)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="billing_entity_code_once"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default=True), name="billing_entity_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name

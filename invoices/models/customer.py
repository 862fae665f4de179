from django.db import models

from freightbridge.tenancy.models import TenantModel
from invoices.models.address import Address


class Grouping(models.TextChoices):
    """What goes onto one invoice."""

    PER_SHIPMENT = "per shipment", "One invoice per shipment"
    BY_REFERENCE = "by reference", "One invoice per customer reference"
    DAILY = "daily", "One invoice a day"
    WEEKLY = "weekly", "One invoice a week"
    MONTHLY = "monthly", "One invoice a month"


class Customer(Address, TenantModel):
    """A party that freight is billed to, or bought from. Its code is the account number of its contact in Xero."""

    code = models.CharField(max_length=50)
    name = models.CharField(max_length=255)
    email = models.EmailField(max_length=255, blank=True)
    tax_number = models.CharField(max_length=50, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(null=True, blank=True)
    grouping = models.CharField(max_length=20, choices=Grouping, default=Grouping.PER_SHIPMENT)
    is_supplier = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="customer_code_once")]
        indexes = [models.Index(fields=["tenant", "name"], name="customer_by_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

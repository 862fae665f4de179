from django.db import models

from freightbridge.tenancy.models import TenantModel
from invoices.models.address import Address
from invoices.models.charge_code import TaxCode


class Grouping(models.TextChoices):
    """What goes onto one invoice."""

    PER_SHIPMENT = "per shipment", "One invoice per shipment"
    BY_REFERENCE = "by reference", "One invoice per customer reference"
    DAILY = "daily", "One invoice a day"
    WEEKLY = "weekly", "One invoice a week"
    MONTHLY = "monthly", "One invoice a month"


class OwnSending(models.TextChoices):
    """Whether a customer's shipments go by themselves, where that is not as the rules say."""

    BY_RULES = "", "As the company's rules say"
    ALWAYS = "always", "By themselves, on reaching the status"
    NEVER = "never", "Only when a person sends them"


class Customer(Address, TenantModel):
    """A party that freight is billed to, or bought from. Its code is the account number of its contact in Xero."""

    code = models.CharField(max_length=50)
    name = models.CharField(max_length=255)
    email = models.EmailField(max_length=255, blank=True)
    tax_number = models.CharField(max_length=50, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(null=True, blank=True)
    grouping = models.CharField(max_length=20, choices=Grouping, default=Grouping.PER_SHIPMENT)
    # Where it has one, this decides before any rule by country or charge code.
    tax_code = models.ForeignKey(TaxCode, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    customer_group = models.CharField(max_length=60, blank=True)
    is_supplier = models.BooleanField(default=False)
    own_sending = models.CharField(max_length=10, choices=OwnSending, blank=True, default=OwnSending.BY_RULES)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="customer_code_once")]
        indexes = [models.Index(fields=["tenant", "name"], name="customer_by_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

from django.db import models

from freightbridge.tenancy.models import TenantModel
from invoices.models.billing_entity import BillingEntity
from invoices.models.invoice import InvoiceKind


class NumberSeries(TenantModel):
    """The numbers of one kind of invoice of one billing entity. `domain/numbering.py` alone takes from it."""

    billing_entity = models.ForeignKey(BillingEntity, models.PROTECT, db_constraint=False, related_name="number_series")
    kind = models.CharField(max_length=20, choices=InvoiceKind)
    prefix = models.CharField(max_length=20)
    next_number = models.PositiveBigIntegerField(default=1)
    digits = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "billing_entity", "kind"], name="number_series_once"),
            models.UniqueConstraint(fields=["tenant", "prefix"], name="number_series_prefix_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{str(self.next_number).zfill(self.digits)}"

from django.db import models

from freightbridge.tenancy.models import TenantModel


class TaxCode(TenantModel):
    """A tax as the freight company knows it; a rule says which of Xero's rates it becomes."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    # Per cent, 10.0000 for Australian GST.
    rate = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="tax_code_once")]

    def __str__(self) -> str:
        return f"{self.code} ({self.rate.normalize():f} %)"


class ChargeCode(TenantModel):
    """A kind of charge, or a warehouse's cost centre: FRT, THC, PICKING. ImpexDocs calls it the product code."""

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=255)
    sales_tax_code = models.ForeignKey(
        TaxCode, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+"
    )
    purchase_tax_code = models.ForeignKey(
        TaxCode, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="charge_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

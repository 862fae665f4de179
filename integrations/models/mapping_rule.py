from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class RuleSide(models.TextChoices):
    SALES = "sales", "Sales"
    PURCHASES = "purchases", "Purchases"


class ChargeRule(TenantModel):
    """Charge code → ledger account, and where wanted an item and tracking options of Xero's."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="charge_rules")
    side = models.CharField(max_length=10, choices=RuleSide)
    charge_code = models.CharField(max_length=30)
    account_code = models.CharField(max_length=10, blank=True)
    item_code = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "side", "charge_code"], name="charge_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.charge_code} → {self.account_code}"


class TaxRule(TenantModel):
    """Our tax code → a tax rate of Xero's."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="tax_rules")
    side = models.CharField(max_length=10, choices=RuleSide)
    tax_code = models.CharField(max_length=20)
    tax_type = models.CharField(max_length=50)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "side", "tax_code"], name="tax_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.tax_code} → {self.tax_type}"

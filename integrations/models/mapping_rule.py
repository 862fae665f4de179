from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class RuleSide(models.TextChoices):
    SALES = "sales", "Sales"
    PURCHASES = "purchases", "Purchases"


class ChargeRule(TenantModel):
    """
    Charge code, cost centre or both → ledger account, and where wanted a tax rate and an item of Xero's.

    An empty charge code or cost centre stands for any; what is left empty is decided by the next less specific rule.
    """

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="charge_rules")
    side = models.CharField(max_length=10, choices=RuleSide)
    charge_code = models.CharField(max_length=30, blank=True)
    cost_centre = models.CharField(max_length=60, blank=True)
    account_code = models.CharField(max_length=10, blank=True)
    tax_type = models.CharField(max_length=50, blank=True)
    item_code = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "connection", "side", "charge_code", "cost_centre"], name="charge_rule_one_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.charge_code} {self.cost_centre} → {self.account_code}"


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


class TaxPlaceRule(TenantModel):
    """The customer's country, and perhaps the charge code → our tax code. An empty charge code stands for any."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="tax_places")
    side = models.CharField(max_length=10, choices=RuleSide)
    # "home", "abroad" or a country's two letters.
    place = models.CharField(max_length=10)
    charge_code = models.CharField(max_length=30, blank=True)
    tax_code = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "connection", "side", "place", "charge_code"], name="tax_place_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.charge_code} → {self.tax_code}"


class TrackingRule(TenantModel):
    """A dimension of freight, such as branch SYD → an option of a tracking category of Xero's, both by name."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="tracking_rules")
    category = models.CharField(max_length=100)
    dimension = models.CharField(max_length=20)
    # Empty: any, for the dimension "any".
    value = models.CharField(max_length=210, blank=True)
    option = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "connection", "category", "dimension", "value"], name="tracking_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.value} → {self.category}: {self.option}"

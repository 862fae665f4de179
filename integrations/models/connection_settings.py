from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class DocumentChoice(models.TextChoices):
    INVOICE = "invoice", "Sales invoice"
    QUOTE = "quote", "Quote"


class TargetStatus(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    SUBMITTED = "SUBMITTED", "Awaiting approval"
    AUTHORISED = "AUTHORISED", "Approved, awaiting payment"


class UnknownCustomer(models.TextChoices):
    CREATE = "create", "Create the contact in Xero"
    HOLD = "hold", "Hold the document until somebody has matched it"


class CustomerKey(models.TextChoices):
    BILL_TO = "bill to", "Bill-to party"
    CONSIGNEE = "consignee", "Consignee"
    BUYER = "buyer", "Buyer"


class ConnectionSettings(TenantModel):
    """The sending rules of one organisation. Everything that could surprise is off, or as harmless as it can be."""

    connection = models.OneToOneField(XeroConnection, models.CASCADE, db_constraint=False, related_name="settings")
    document = models.CharField(max_length=10, choices=DocumentChoice, default=DocumentChoice.INVOICE)
    target_status = models.CharField(max_length=12, choices=TargetStatus, default=TargetStatus.AUTHORISED)
    customer_key = models.CharField(max_length=12, choices=CustomerKey, default=CustomerKey.BILL_TO)
    unknown_customer = models.CharField(max_length=10, choices=UnknownCustomer, default=UnknownCustomer.HOLD)
    send_customer_reference = models.BooleanField(default=True)
    reference_template = models.CharField(max_length=200, default="{customer_ref}")
    attach_pdf = models.BooleanField(default=True)
    show_pdf_online = models.BooleanField(default=True)
    branding_theme_id = models.UUIDField(null=True, blank=True)
    default_sales_account = models.CharField(max_length=10, blank=True)
    default_purchase_account = models.CharField(max_length=10, blank=True)
    check_payments_minutes = models.PositiveSmallIntegerField(default=15)

    def __str__(self) -> str:
        return f"sending rules of {self.connection_id}"

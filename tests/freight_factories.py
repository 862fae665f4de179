"""Freight for tests. Everything is made in the tenant's scope of the moment."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory

from invoices import models
from invoices.models.invoice import InvoiceKind

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class BillingEntityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.BillingEntity
        skip_postgeneration_save = True

    code = "MAIN"
    name = "Acme Freight Pty Ltd"
    street = "1 Wharf Road"
    city = "Sydney"
    country = "Australia"
    base_currency = "AUD"
    is_default = True

    @factory.post_generation
    def number_series(self, create: bool, _extracted: object, **_kwargs: object) -> None:
        prefixes = {InvoiceKind.SALES_INVOICE: "INV-", InvoiceKind.SALES_CREDIT_NOTE: "CN-", InvoiceKind.QUOTE: "Q-"}
        models.NumberSeries.objects.bulk_create(
            models.NumberSeries(billing_entity=self, kind=kind, prefix=prefix) for kind, prefix in prefixes.items()
        )


class CustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Customer

    code = factory.Sequence(lambda number: f"CUST{number:03}")
    name = factory.LazyAttribute(lambda customer: f"Customer {customer.code}")
    email = factory.LazyAttribute(lambda customer: f"{customer.code.lower()}@example.com")
    country = "Australia"


class TaxCodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TaxCode
        django_get_or_create = ("code",)

    code = "GST"
    name = "GST"
    rate = Decimal(10)


class ChargeCodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ChargeCode
        django_get_or_create = ("code",)

    code = "FRT"
    name = "Freight"
    sales_tax_code = factory.SubFactory(TaxCodeFactory)
    purchase_tax_code = factory.SubFactory(TaxCodeFactory)


class ShipmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Shipment

    number = factory.Sequence(lambda number: f"SHP-{number:05}")
    bill_to = factory.SubFactory(CustomerFactory)
    customer_reference = factory.Sequence(lambda number: f"PO-{number}")
    incoterm = "FOB"
    declared_value = Decimal(5000)
    origin = "AUSYD"
    destination = "NZAKL"
    mode = "sea"
    etd_date = date(2026, 2, 20)
    list_date = date(2026, 2, 20)
    currency = "AUD"
    created_at = NOW
    updated_at = NOW


class ChargeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ShipmentCharge

    shipment = factory.SubFactory(ShipmentFactory)
    charge_code = factory.SubFactory(ChargeCodeFactory)
    description = "Ocean freight"
    quantity = Decimal(1)
    unit_price = Decimal("1250.00")


def ready_shipment(**fields: object) -> models.Shipment:
    """With one charge; a billing entity must stand."""
    shipment: models.Shipment = ShipmentFactory(**fields)
    ChargeFactory(shipment=shipment)
    return shipment

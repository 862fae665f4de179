from invoices.models.billing_entity import BillingEntity
from invoices.models.charge_code import ChargeCode, TaxCode
from invoices.models.customer import Customer
from invoices.models.invoice import Invoice
from invoices.models.invoice_line import InvoiceLine
from invoices.models.number_series import NumberSeries
from invoices.models.shipment import Shipment
from invoices.models.shipment_charge import ShipmentCharge
from invoices.models.upload import ColumnMatch, SourceRow, Upload, UploadRow

__all__ = [
    "BillingEntity",
    "ChargeCode",
    "ColumnMatch",
    "Customer",
    "Invoice",
    "InvoiceLine",
    "NumberSeries",
    "Shipment",
    "ShipmentCharge",
    "SourceRow",
    "TaxCode",
    "Upload",
    "UploadRow",
]

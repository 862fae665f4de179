from invoices.models.billing_entity import BillingEntity
from invoices.models.cause_care import CauseCare
from invoices.models.charge_code import ChargeCode, TaxCode
from invoices.models.charge_code_match import ChargeCodeMatch
from invoices.models.customer import Customer
from invoices.models.invoice import Invoice
from invoices.models.invoice_line import InvoiceLine
from invoices.models.list_visit import ListVisit
from invoices.models.mend_watch import MendWatch
from invoices.models.number_series import NumberSeries
from invoices.models.saved_view import ListChoice, SavedView
from invoices.models.send_triggers import ReachedStatus, SendTriggers
from invoices.models.shipment import Shipment
from invoices.models.shipment_charge import ShipmentCharge
from invoices.models.status_change import StatusChange, StatusChangeMember
from invoices.models.upload import ColumnMatch, SourceRow, Upload, UploadRow

__all__ = [
    "BillingEntity",
    "CauseCare",
    "ChargeCode",
    "ChargeCodeMatch",
    "ColumnMatch",
    "Customer",
    "Invoice",
    "InvoiceLine",
    "ListChoice",
    "ListVisit",
    "MendWatch",
    "NumberSeries",
    "ReachedStatus",
    "SavedView",
    "SendTriggers",
    "Shipment",
    "ShipmentCharge",
    "SourceRow",
    "StatusChange",
    "StatusChangeMember",
    "TaxCode",
    "Upload",
    "UploadRow",
]

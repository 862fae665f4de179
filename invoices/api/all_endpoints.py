"""Everything that the API offers, in the order of its documentation."""

from freightbridge.rest.endpoints import Group
from integrations.api.connection_endpoints import CONNECTION_READING
from integrations.api.sync_job_endpoints import SEND_READING
from invoices.api.charge_code_endpoints import CHARGE_CODE_ENDPOINTS
from invoices.api.customer_endpoints import CUSTOMER_ENDPOINTS
from invoices.api.invoice_endpoints import DOCUMENT_READING
from invoices.api.send_endpoints import SENDING
from invoices.api.shipment_endpoints import SHIPMENT_ENDPOINTS
from invoices.api.upload_endpoints import UPLOAD_ENDPOINTS

GROUPS = (
    Group(title="Shipments", about="Bookings and warehouse jobs with their charges.", endpoints=SHIPMENT_ENDPOINTS),
    Group(title="Customers", about="Whom you bill, and whom you buy from.", endpoints=CUSTOMER_ENDPOINTS),
    Group(title="Charge codes", about="What is charged for.", endpoints=CHARGE_CODE_ENDPOINTS),
    Group(title="Uploads", about="Files of shipments, CSV or XLSX.", endpoints=UPLOAD_ENDPOINTS),
    Group(
        title="Accounting",
        about="Sending shipments to Xero, and what became of them there.",
        endpoints=(*SENDING, *SEND_READING, *DOCUMENT_READING, *CONNECTION_READING),
    ),
)

# contract: freight does not know Xero, its workflows and pages only through accounting
# stands as: invoices/domain/xero_breach.py
import integrations.mapping.source

# contract: imports point the way the data flows
# stands as: integrations/outbox/flow_breach.py
import invoices.models

# contract: one bridge into the outbox
# stands as: invoices/workflows/bridge_breach.py
import integrations.outbox.enqueue_job

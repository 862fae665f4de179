# contract: the sandbox is started, not imported
# stands as: integrations/connection/sandbox_breach.py
import integrations.xero_sandbox.switches

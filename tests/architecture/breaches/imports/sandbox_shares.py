# contract: the sandbox shares no code
# stands as: integrations/xero_sandbox/sharing_breach.py
import integrations.mapping.source

# contract: the SDK in one file
# stands as: integrations/payments/sdk_breach.py
import xero_python.accounting

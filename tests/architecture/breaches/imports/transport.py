# contract: its transport in the same file
# stands as: integrations/payments/transport_breach.py
import urllib3

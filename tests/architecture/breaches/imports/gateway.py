# contract: the gateway holds no models
# stands as: integrations/xero_gateway/model_breach.py
import integrations.models

# contract: inside freightbridge
# stands as: freightbridge/tenancy/layer_breach.py
import freightbridge.access.roles

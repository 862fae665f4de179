# contract: inside integrations
# stands as: integrations/lanes/layer_breach.py
import integrations.outbox.decide

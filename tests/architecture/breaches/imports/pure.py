# contract: the pure middle knows neither Django nor the network
# stands as: integrations/mapping/pure_breach.py
import django.db

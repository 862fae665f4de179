# contract: inside invoices
# stands as: invoices/helpers/layer_breach.py
VALUE = 1

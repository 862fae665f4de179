class InvoiceHandler:
    pass

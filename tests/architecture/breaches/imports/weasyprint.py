# contract: WeasyPrint in one file
# stands as: invoices/workflows/weasyprint_breach.py
import weasyprint

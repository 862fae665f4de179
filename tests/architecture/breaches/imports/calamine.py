# contract: calamine in one file
# stands as: invoices/workflows/calamine_breach.py
import python_calamine

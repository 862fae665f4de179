# contract: no cycles
# stands as: invoices/intake/cycle_one.py
import invoices.intake.cycle_two.there

"""The kinds of background work that a connection or a grant has; `accounting_work` registers what does them."""

REFRESH_REFERENCE_DATA = "refresh reference data"
CHECK_PAYMENTS = "check payments"
# Of a grant: a refresh that is to be tried again, and one each week at the least.
KEEP_GRANT_ALIVE = "keep grant alive"
# Of a connection: whether the organisation still knows us, once a day.
LOOK_IN = "look in at xero"
# Done by whoever knows the freight: what was ready may not be any more, and the other way about.
ASSESS_SHIPMENTS = "assess shipments"

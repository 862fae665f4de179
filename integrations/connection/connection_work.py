"""The kinds of background work that a connection has; `tasks` registers what does them."""

REFRESH_REFERENCE_DATA = "refresh reference data"
CHECK_PAYMENTS = "check payments"
# Done by whoever knows the freight: what was ready may not be any more, and the other way about.
ASSESS_SHIPMENTS = "assess shipments"

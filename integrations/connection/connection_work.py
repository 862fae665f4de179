"""The kinds of background work that a connection or a grant has; `accounting_work` registers what does them."""

REFRESH_REFERENCE_DATA = "refresh reference data"
CHECK_PAYMENTS = "check payments"
# Of a grant: a refresh that is to be tried again, and one each week at the least.
KEEP_GRANT_ALIVE = "keep grant alive"
# Of a connection: whether the organisation still knows us, once a day.
LOOK_IN = "look in at xero"
# Of a connection: one call, because a person wants to see whether Xero answers.
TRY_CONNECTION = "test connection"
# Of a connection: everything sent against everything in Xero, every half hour.
COMPARE_LEDGERS = "compare ledgers"
# Of a connection, after a change of its rules: what had stopped on its way, where that is much.
TRY_STOPPED = "try stopped documents"
# Done by whoever knows the freight: what was ready may not be any more, and the other way about.
ASSESS_SHIPMENTS = "assess shipments"
# Of a document that was given up, voided or taken back: done by whoever knows what it was made of.
FOLLOW_DOCUMENT = "follow document"
# Of a connection, once a day and by the button: its contacts against our customers, by whoever knows these.
SYNC_CUSTOMERS = "sync customers"
# Of a connection, after connecting and after a change: which numbers of our series it holds, by whoever knows these.
CHECK_NUMBERS = "check numbers"
# Of a connection, where somebody wants it: what others entered there, by whoever makes freight of it.
IMPORT_FOUND = "import from xero"
# Of a tenant, each morning: tells its people what needs attention, by whoever knows the freight.
DAILY_DIGEST = "daily digest"

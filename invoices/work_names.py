"""The kinds of background work on freight; `invoices/apps.py` registers what does them."""

PREPARE_BATCH = "prepare batch"
RENDER_PDF = "render pdf"
CHECK_UPLOAD = "check upload"
CREATE_ITEMS = "create items"
IMPORT_UPLOAD = "import upload"
# Of a tenant: shipments that came to their status and go by themselves.
SEND_REACHED = "send what reached its status"
SEND_BY_SCHEDULE = "send by schedule"
CHANGE_STATUSES = "change statuses"
LOOK_FOR_ADOPTIONS = "look for adoptions"
ADOPT_MATCHES = "adopt matches"
MAKE_EXPORT_FILE = "make export file"
STEER_BATCH = "steer batch"
RETRY_BATCH = "try again what failed of a batch"
# Of a batch: looks whether it is finished, and then tells the person who sent it.
TELL_OF_SEND = "tell of a finished send"
# Of a watch over what a mended cause sets going: the same.
TELL_OF_MEND = "tell of a mend"
# Of such a watch: sends on what the mend set free, where that is more than a click can.
SEND_MENDED = "send on what was mended"

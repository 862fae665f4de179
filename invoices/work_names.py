"""The kinds of background work on freight; `invoices/apps.py` registers what does them."""

PREPARE_BATCH = "prepare batch"
RENDER_PDF = "render pdf"
CHECK_UPLOAD = "check upload"
IMPORT_UPLOAD = "import upload"

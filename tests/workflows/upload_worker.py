"""A worker of its own that imports one upload, a shipment at a time, until it is done or killed."""

import os
import sys

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "freightbridge.settings"
    django.setup()
    from freightbridge.background_work.work_kinds import Work  # noqa: PLC0415 Django must be set up first
    from invoices.workflows import walk_upload  # noqa: PLC0415 likewise
    from invoices.workflows.import_upload import import_upload  # noqa: PLC0415 likewise

    walk_upload.CHUNK = 1
    import_upload(Work(tenant_id=int(sys.argv[1]), subject_id=int(sys.argv[2])))


if __name__ == "__main__":
    main()

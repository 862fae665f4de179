"""
Has PostgreSQL keep files as they are: PDFs and workbooks are compressed already, and of what PostgreSQL has compressed
itself it must read all that stands before a piece to find the piece.
"""

from django.db import migrations

FORWARDS = "ALTER TABLE stored_files_storedfile ALTER COLUMN content SET STORAGE EXTERNAL"
BACKWARDS = "ALTER TABLE stored_files_storedfile ALTER COLUMN content SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("stored_files", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

"""Reads an upload into the rows of its shipments, whether it is a table or holds messages."""

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.intake.column_match import MatchRules
from invoices.intake.edi.plan_messages import parts_of, plan_messages
from invoices.intake.edi.read_messages import read_messages
from invoices.intake.read_table import open_table
from invoices.intake.row_groups import FileGroups, group_rows
from invoices.intake.row_parser import parse_rows
from invoices.models import Upload
from invoices.models.upload import UploadForm
from invoices.workflows.load_message_knowledge import load_message_knowledge


def group_upload(upload: Upload, content: bytes, rules: MatchRules, *, tenant: Tenant) -> FileGroups:
    """Outside any transaction, for a large file takes its time. Raises UnreadableFileError."""
    if upload.form == UploadForm.MESSAGES:
        return _grouped_messages(upload, content, tenant=tenant)
    table = open_table(content, sheet=upload.sheet)
    return group_rows(parse_rows(table, rules), declared_codes=rules.declared_codes)


def _grouped_messages(upload: Upload, content: bytes, *, tenant: Tenant) -> FileGroups:
    """What the first stretch finds is kept: the ones after it count its groups, which must not move meanwhile."""
    parts = parts_of(read_messages(content))
    with tenant_scope(tenant):
        fresh = Upload.objects.select_for_update().get(pk=upload.pk)
        begun = fresh.messages.get("begun")
        rows = plan_messages(parts, load_message_knowledge(parts, begun=begun))
        if begun is None:
            found = {str(row.number): "" if row.refusal else row.shipment_number for row in rows}
            fresh.messages = {**fresh.messages, "begun": found}
            fresh.save(update_fields=["messages"])
    return group_rows(rows, declared_codes={})

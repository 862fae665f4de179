"""Where Xero's own "Go to" link on a document leads."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from freightbridge.access.models import tenants_of
from freightbridge.access.permission_checks import signed_in
from freightbridge.tenancy.scope import directory_scope, tenant_scope
from freightbridge.ui.page_address import page_address
from integrations.models import XeroDocument


@signed_in
def document_link(request: HttpRequest, identity: str) -> HttpResponse:
    """The identity names no company, so it is looked for in those that the person works for."""
    with directory_scope():
        tenants = tenants_of(request.user)  # type: ignore[arg-type]
    for tenant in tenants:
        with tenant_scope(tenant):
            found = XeroDocument.objects.filter(identity=identity, invoice__isnull=False).select_related("invoice")
            document = found.first()
        if document is not None and document.invoice is not None:
            return HttpResponseRedirect(page_address(tenant, "invoice", document.invoice.public_id))
    raise Http404

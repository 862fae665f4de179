"""Send to Accounting by the API: the batch that a click makes."""

import uuid
from http import HTTPStatus

from freightbridge.access.api_scopes import Scope
from freightbridge.rest.endpoints import Answer, Call, Endpoint
from freightbridge.rest.json_shapes import FieldError, Identifier, ListOf, Member, Record
from freightbridge.rest.problem_details import RefusedCallError, invalid_input
from integrations.api.accounting_schemas import SEND
from integrations.api.sync_job_endpoints import send_json
from integrations.connection.active_connection import NotConnectedError
from invoices.models import Shipment
from invoices.workflows.send_to_accounting import send_to_accounting

MOST_SENT = 1000
TOKENS = uuid.UUID("8c2c21e8-6f1b-4c3f-9b62-5a8a7a0f5f11")
SELECTION = Record(
    "selection",
    {
        "shipments": Member(
            shape=ListOf(Identifier(), MOST_SENT, 1), is_required=True, about="Ids of the shipments to be sent."
        )
    },
)


def send(call: Call) -> Answer:
    """Even when the kept reply is long gone the same key finds the same batch: it makes the form's token."""
    ids = call.body["shipments"]
    shipments = Shipment.objects.filter(public_id__in=ids)
    there = set(shipments.values_list("public_id", flat=True))
    missing = [
        FieldError(f"/shipments/{position}", "There is no such shipment.")
        for position, one in enumerate(ids)
        if one not in there
    ]
    if missing:
        raise invalid_input(missing)
    token = uuid.uuid5(TOKENS, f"{call.tenant.pk}:{call.idempotency_key}")
    try:
        batch = send_to_accounting(shipments, form_token=token, by=call.by, now=call.now)
    except NotConnectedError as error:
        raise RefusedCallError(HTTPStatus.CONFLICT, str(error)) from error
    return Answer(body=send_json(batch, call), location=f"sends/{batch.number}")


SENDING = (
    Endpoint(
        method="POST", path="sends", name="send", summary="Send shipments to accounting",
        about="A worker drafts, approves and queues the documents. Shipments that are not ready, are marked as do not "
        "send or have nothing to invoice are skipped, each with its reason; the others go.",
        scope=Scope.SEND, do=send, body=SELECTION, answers=SEND, status=HTTPStatus.ACCEPTED,
    ),
)  # fmt: skip

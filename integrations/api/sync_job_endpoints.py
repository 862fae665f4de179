"""Sends: how far they are, and what became of their shipments."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404

from freightbridge.access.api_scopes import Scope
from freightbridge.rest.endpoints import Answer, Call, Endpoint
from freightbridge.rest.list_page import PAGING, list_of, list_page
from freightbridge.ui.keyset import Order
from freightbridge.ui.page_address import page_address
from integrations.api.accounting_schemas import SEND, SKIPPED, whole_address
from integrations.models import BatchMember, SendBatch
from integrations.models.send_batch import MemberOutcome
from integrations.web.batch_progress import progress_of


def list_sends(call: Call) -> Answer:
    def shown(batches: Sequence[SendBatch]) -> list[dict[str, Any]]:
        return sends_json(batches, call)

    return list_page(call, SendBatch.objects.all(), order=Order(("number",)), path="/api/v1/sends", shown=shown)


def read_send(call: Call, number: int) -> Answer:
    return Answer(body=send_json(get_object_or_404(SendBatch, number=number), call))


def list_skipped(call: Call, number: int) -> Answer:
    batch = get_object_or_404(SendBatch, number=number)
    skipped = batch.members.filter(outcome=MemberOutcome.SKIPPED).select_related("shipment")
    path = f"/api/v1/sends/{number}/skipped"
    return list_page(call, skipped, order=Order(("id",), falls=False), path=path, shown=_skipped)


def send_json(batch: SendBatch, call: Call) -> dict[str, Any]:
    return sends_json([batch], call)[0]


def sends_json(batches: Sequence[SendBatch], call: Call) -> list[dict[str, Any]]:
    return [
        {
            "number": batch.number,
            "started_at": batch.started_at.isoformat(),
            "started_by": batch.started_by,
            "is_over": progress.is_over,
            "selected": progress.selected,
            "waiting": progress.waiting,
            "skipped": progress.skipped,
            "documents": progress.documents,
            "in_xero": progress.in_xero,
            "needs_attention": progress.stopped,
            "failure": batch.failure,
            "page": whole_address(page_address(call.tenant, "send_batch", batch.number)),
        }
        for batch, progress in progress_of(batches)
    ]


def _skipped(members: Sequence[BatchMember]) -> list[dict[str, Any]]:
    return [
        {"id": str(member.shipment.public_id), "number": member.shipment.number, "reason": member.reason}
        for member in members
    ]


SEND_READING = (
    Endpoint(
        method="GET", path="sends", name="list_sends", summary="List sends, newest first",
        scope=Scope.READ_ACCOUNTING, do=list_sends, query=PAGING, answers=list_of(SEND), is_list=True,
    ),
    Endpoint(
        method="GET", path="sends/<int:number>", name="read_send", summary="How far a send is",
        scope=Scope.READ_ACCOUNTING, do=read_send, answers=SEND,
    ),
    Endpoint(
        method="GET", path="sends/<int:number>/skipped", name="list_skipped",
        summary="List the shipments that did not go, each with its reason", scope=Scope.READ_ACCOUNTING,
        do=list_skipped, query=PAGING, answers=list_of(SKIPPED), is_list=True,
    ),
)  # fmt: skip

"""A company that other systems talk to, and that talks to them: what its pages show."""

from datetime import timedelta

from freightbridge.access.api_keys import make_key, revoke_key
from freightbridge.access.api_scopes import Scope
from freightbridge.access.models import User
from freightbridge.outbound_events.change_endpoints import add_endpoint, switch_off, try_out
from freightbridge.outbound_events.event_kinds import EventKind
from freightbridge.outbound_events.models import EventDelivery
from freightbridge.rest.models import KeptReply
from tests.conftest import NOW

TRY = {"at": NOW.isoformat(), "status": 503, "seconds": 0.21, "error": "It answered 503."}


def other_systems(person: User) -> dict[str, str]:
    """In the tenant's scope. Ids as they stand in addresses."""
    key = make_key(name="Cargo TMS", scopes=list(Scope), expires_at=None, by=person, now=NOW).key
    old = make_key(name="Old TMS", scopes=[Scope.SEND], expires_at=NOW + timedelta(days=9), by=person, now=NOW).key
    revoke_key(old, by=person.email, now=NOW)
    KeptReply.objects.create(
        key="k-1", request_sha256="0" * 64, caller=key.name, method="POST", path="/api/v1/uploads", status=202,
        body=b'{"number": 1}', location="/api/v1/uploads/1", replied_at=NOW,
    )  # fmt: skip
    off = add_endpoint(url="https://old.example.com/", kinds=[EventKind.CONNECTION_LOST], by=person.email, now=NOW)
    switch_off(off.endpoint, by=person.email, now=NOW)
    endpoint = add_endpoint(
        url="https://tms.example.com/freightbridge", kinds=[*EventKind][:4], by=person.email, now=NOW
    ).endpoint
    for _ in range(2):
        try_out(endpoint, now=NOW)
    delivered, waiting = EventDelivery.objects.order_by("id")
    EventDelivery.objects.filter(pk=delivered.pk).update(
        state="delivered", tries=[TRY, {**TRY, "status": 200, "error": ""}]
    )
    EventDelivery.objects.filter(pk=waiting.pk).update(tries=[TRY])
    return {"api key": str(key.public_id), "endpoint": str(endpoint.public_id), "delivery": str(delivered.public_id)}

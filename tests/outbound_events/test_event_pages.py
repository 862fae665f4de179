"""Settings → Events."""

import re
from typing import Any

from freightbridge.audit.models import AuditEvent
from freightbridge.outbound_events.models import EventDelivery, EventEndpoint
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.web.page_company import visitor

URL = "https://tms.example.com/hook"


def endpoint_of(tenant: Tenant) -> EventEndpoint:
    with tenant_scope(tenant):
        return EventEndpoint.objects.get()


def test_endpoint_is_added_with_a_secret_that_is_shown_once(tenant: Tenant) -> None:
    admin = visitor(tenant, "admin")

    page = admin.post("event_endpoints", url=URL, kinds=["document.paid", "connection.lost"]).content.decode()

    secret = re.search(r'id="added-secret">(fbs_\S+)</code>', page)[1]  # type: ignore[index]
    endpoint = endpoint_of(tenant)
    assert (endpoint.secret, endpoint.kinds) == (secret, ["document.paid", "connection.lost"])
    assert secret.encode() not in bytes(endpoint.secret_sealed)
    assert secret not in admin.text("event_endpoints")
    assert secret not in admin.text("event_endpoint", endpoint.public_id)
    assert "A document is paid or credited in full" in admin.text("event_endpoint", endpoint.public_id)


def test_address_that_events_may_not_go_to_is_refused_with_a_sentence(tenant: Tenant, settings: Any) -> None:
    admin = visitor(tenant, "admin")
    settings.EVENTS_TO_PRIVATE_ADDRESSES = False

    page = admin.post("event_endpoints", url="http://localhost/", kinds=["document.paid"]).content.decode()

    assert "The address must begin with https://." in page
    with tenant_scope(tenant):
        assert not EventEndpoint.objects.exists()


def test_endpoint_is_switched_off_and_on_and_removed(tenant: Tenant) -> None:
    admin = visitor(tenant, "admin")
    admin.post("event_endpoints", url=URL, kinds=["document.paid"])
    key = endpoint_of(tenant).public_id

    admin.post("switch_endpoint", key)
    off = admin.text("event_endpoint", key)
    admin.post("switch_endpoint", key)
    on = admin.text("event_endpoint", key)
    admin.post("remove_endpoint", key)

    assert ("Switched off by hand." in off, "Send a test event" in off) == (True, True)
    assert "Switched off by hand." not in on
    assert admin.get("event_endpoint", key).status_code == 404
    assert "Nobody is told yet" in admin.text("event_endpoints")
    with tenant_scope(tenant):
        assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True)) == [
            "event endpoint added", "event endpoint switched off", "event endpoint switched on",
            "event endpoint removed",
        ]  # fmt: skip


def test_test_event_stands_in_the_log_of_the_endpoint(tenant: Tenant) -> None:
    admin = visitor(tenant, "admin")
    admin.post("event_endpoints", url=URL, kinds=["document.paid"])
    key = endpoint_of(tenant).public_id

    admin.post("try_endpoint", key)

    page = admin.text("event_endpoint", key)
    assert ("Waiting" in page, "None yet" in page, 'hx-trigger="every 3s"' in page) == (True, True, True)


def test_eleventh_endpoint_is_refused(tenant: Tenant) -> None:
    admin = visitor(tenant, "admin")
    for count in range(10):
        admin.post("event_endpoints", url=f"{URL}/{count}", kinds=["document.paid"])

    page = admin.post("event_endpoints", url=URL, kinds=["document.paid"]).content.decode()

    assert "A company has 10 endpoints at most." in page


def test_operator_sees_events_and_may_change_nothing(tenant: Tenant) -> None:
    visitor(tenant, "admin").post("event_endpoints", url=URL, kinds=["document.paid"])
    operator, endpoint = visitor(tenant, "operator"), endpoint_of(tenant)

    assert URL in operator.text("event_endpoints")
    for page in ("try_endpoint", "switch_endpoint", "remove_endpoint"):
        assert operator.post(page, endpoint.public_id).status_code == 403
    assert operator.post("event_endpoints", url=URL, kinds=["document.paid"]).status_code == 403
    with tenant_scope(tenant):
        assert not EventDelivery.objects.exists()

import pytest
from django.http import HttpRequest, HttpResponse

from freightbridge.observability.correlation import correlation_id
from freightbridge.observability.request_id import RequestIdMiddleware


def answer(**headers: str) -> tuple[HttpResponse, list[str]]:
    seen: list[str] = []

    def respond(_request: HttpRequest) -> HttpResponse:
        seen.append(correlation_id())
        return HttpResponse("ok")

    request = HttpRequest()
    request.method, request.path = "GET", "/o/acme/shipments/"
    request.META.update(headers)
    return RequestIdMiddleware(respond)(request), seen


def test_request_gets_an_id_and_answers_with_it() -> None:
    response, seen = answer()

    assert seen == [response["X-Request-ID"]]
    assert correlation_id() == ""


def test_proxys_id_is_used() -> None:
    response, seen = answer(HTTP_X_REQUEST_ID="proxy-id-123")

    assert (response["X-Request-ID"], seen) == ("proxy-id-123", ["proxy-id-123"])


def test_request_is_logged_once_without_its_query(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "freightbridge.request"):
        answer(QUERY_STRING="q=what+mia+typed")

    (record,) = [one for one in caplog.records if one.name == "freightbridge.request"]
    message = record.getMessage()
    assert "'path': '/o/acme/shipments/'" in message
    assert "mia" not in message

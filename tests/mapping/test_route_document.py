"""The first rule that fits decides, else the default."""

import pytest

from integrations.mapping.route_document import Route, RouteFacts, RouteRule, choose_route

FACTS = RouteFacts(branch="Auckland", currency="NZD", customer="MURRAY01", mode="air")
DEFAULT = Route(connection_id=9)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], DEFAULT),
        ([RouteRule(connection_id=1)], DEFAULT),
        ([RouteRule(connection_id=1, currency="AUD")], DEFAULT),
        ([RouteRule(connection_id=1, currency="nzd ")], Route(connection_id=1, because="currency = nzd ")),
        (
            [RouteRule(connection_id=1, branch="Auckland", mode="sea"), RouteRule(connection_id=2, mode="air")],
            Route(connection_id=2, because="mode = air"),
        ),
        (
            [RouteRule(connection_id=1, mode="air"), RouteRule(connection_id=2, customer="MURRAY01")],
            Route(connection_id=1, because="mode = air"),
        ),
        (
            [RouteRule(connection_id=1, branch="Auckland", customer="MURRAY01")],
            Route(connection_id=1, because="branch = Auckland and customer = MURRAY01"),
        ),
    ],
)
def test_first_rule_that_fits_decides(rules: list[RouteRule], expected: Route) -> None:
    assert choose_route(FACTS, rules, default_id=9) == expected

"""The bell: what it counts, what stands under it, and that it costs no page more than one query."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from freightbridge.notices.models import Notice
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.notices.told_people import tell, told
from tests.web.page_company import Visitor, assessed, company, sent, visitor

pytestmark = pytest.mark.django_db
ADMIN = "admin@acme-freight.example"


@pytest.fixture
def person(tenant: Tenant) -> Visitor:
    return visitor(tenant, "admin")


def unread(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(Notice.objects.filter(read_at=None).order_by("id").values_list("text", flat=True))


def test_bell_counts_what_this_person_has_not_read(tenant: Tenant, person: Visitor) -> None:
    visitor(tenant, "operator")
    tell(tenant, "Send 1: 48 of 50 sent", to=ADMIN)
    tell(tenant, "Send 2: 3 of 3 sent", to=ADMIN)
    tell(tenant, "Send 3: 1 of 1 sent", to="operator@acme-freight.example")

    page = person.text("shipments")

    assert '2<span class="visually-hidden"> unread</span>' in page
    assert "/notices/bell/?seen=2" in page


def test_bell_that_says_so_already_is_told_nothing(tenant: Tenant, person: Visitor) -> None:
    unchanged = person.get("bell_count", seen="")
    tell(tenant, "Send 1: 48 of 50 sent", to=ADMIN)
    changed = person.get("bell_count", seen="")

    assert (unchanged.status_code, unchanged.content) == (204, b"")
    assert (changed.status_code, changed.content.decode().count('id="bell-count"')) == (200, 1)


def test_bell_stops_counting_at_a_hundred(tenant: Tenant, person: Visitor) -> None:
    for number in range(101):
        tell(tenant, f"Send {number}: 1 of 1 sent", to=ADMIN)

    assert '99+<span class="visually-hidden"> unread' in person.text("bell_count")


def test_bell_costs_a_page_one_query_however_much_is_told(tenant: Tenant, person: Visitor) -> None:
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            person.text("customers")
        counts.append([query["sql"] for query in queries if "notices_notice" in query["sql"]])
        tell(tenant, f"Send {number}: 1 of 1 sent", to=ADMIN)

    assert [len(found) for found in counts] == [1, 1, 1]


def test_part_that_looks_by_itself_brings_the_bell_along(tenant: Tenant, person: Visitor) -> None:
    company(tenant)
    batch = sent(tenant, assessed(tenant))
    tell(tenant, "Send 1: 1 of 1 sent", to=ADMIN)

    part = person.get("send_batch", batch.number, part="live").content.decode()
    page = person.text("send_batch", batch.number)

    assert part.count('id="bell-count" hx-swap-oob="true"') == 1
    assert (page.count('id="bell-count"'), "hx-swap-oob" in page) == (1, False)


def test_bell_of_nobody_stops_looking_and_takes_no_page_away(tenant: Tenant) -> None:
    headers = {"HX-Request": "true", "HX-Target": "bell-count"}

    answer = Client().get("/o/acme-freight/notices/bell/", headers=headers)

    assert (answer.status_code, answer.content, "HX-Redirect" in answer) == (286, b"", False)


def test_opened_notice_is_read_and_leads_to_its_page(tenant: Tenant, person: Visitor) -> None:
    notice = tell(tenant, "Send 1: 1 of 1 sent", to=ADMIN, address="/o/acme-freight/sends/1/")
    tell(tenant, "Send 2: 1 of 1 sent", to=ADMIN)

    answer = person.post("open_notice", notice.public_id)

    assert (answer.status_code, answer["Location"]) == (302, "/o/acme-freight/sends/1/")
    assert unread(tenant) == ["Send 2: 1 of 1 sent"]


def test_notice_of_a_colleague_is_not_opened(tenant: Tenant, person: Visitor) -> None:
    other = visitor(tenant, "operator")
    notice = tell(tenant, "Send 1: 1 of 1 sent", to=ADMIN)

    assert other.post("open_notice", notice.public_id).status_code == 404
    assert unread(tenant) == ["Send 1: 1 of 1 sent"]


def test_all_are_read_with_one_click_and_a_colleagues_are_not(tenant: Tenant, person: Visitor) -> None:
    visitor(tenant, "operator")
    for number in range(2):
        tell(tenant, f"Send {number}: 1 of 1 sent", to=ADMIN)
    tell(tenant, "Theirs", to="operator@acme-freight.example")

    answer = person.client.post("/o/acme-freight/notices/read/", headers={"HX-Request": "true"})

    assert unread(tenant) == ["Theirs"]
    assert 'hx-swap-oob="true"' in answer.content.decode()
    assert "unread</span>" not in answer.content.decode()


def test_under_the_bell_stand_the_last_few_and_on_the_page_all(tenant: Tenant, person: Visitor) -> None:
    for number in range(60):
        tell(tenant, f"Send {number}: <b>1</b> of 1 sent", to=ADMIN)

    under, page = person.text("recent_notices"), person.text("notices")

    assert [f"Send {number}: &lt;b&gt;" in under for number in (51, 52, 59)] == [False, True, True]
    assert [f"Send {number}:" in page for number in (9, 10, 59)] == [False, True, True]
    assert "after=" in page


def test_what_is_said_in_passing_is_kept_and_read_already_but_errors_are_not(tenant: Tenant, person: Visitor) -> None:
    person.post("mail_choices", wanted=["daily digest"])
    person.client.get("/o/acme-freight/")
    company(tenant)
    batch = sent(tenant, assessed(tenant))
    person.post("batch_pause", batch.number)
    person.post("batch_pause", batch.number)

    assert told(tenant, ADMIN) == [
        "Saved. From now on you get mail about what is ticked.",
        "Paused. What Xero has begun goes on to its end.",
    ]
    assert unread(tenant) == []


def test_same_occasion_is_told_once_and_what_is_long_is_cut(tenant: Tenant, person: Visitor) -> None:
    for _ in range(2):
        tell(tenant, "x" * 400, to=ADMIN, key="same")

    assert told(tenant, ADMIN) == [f"{'x' * 299}…"]

from typing import Any

import pytest
from django.core import mail

from freightbridge.notices.send_mail import send_mail
from freightbridge.transactions import TransactionError
from tests.conftest import NOW

CONTEXT: dict[str, Any] = {
    "organisation": "Harbour & Hinterland", "tenant": "Acme Freight", "reason": "Xero <says> so", "lost_at": NOW,
    "zone": "UTC", "waiting": 3, "address": "http://localhost:8000/o/acme-freight/settings/xero/",
}  # fmt: skip


def send(to: str = "mia@example.com", *, key: str = "1") -> mail.EmailMultiAlternatives:
    send_mail(to, template="connection_lost", context=CONTEXT, key=key)
    return mail.outbox[-1]  # type: ignore[return-value]


@pytest.mark.django_db(transaction=True)
def test_mail_is_plain_text_and_html(settings: Any) -> None:
    sent = send()

    (html,) = sent.alternatives
    assert sent.subject == "The connection to Harbour & Hinterland is lost: please reconnect"
    assert "Reason: Xero <says> so" in sent.body
    assert "3 documents wait." in " ".join(sent.body.split())
    assert html.mimetype == "text/html"
    assert "<td>Xero &lt;says&gt; so</td>" in html.content
    assert [CONTEXT["address"] in text for text in (sent.body, html.content)] == [True, True]
    assert (sent.to, sent.from_email) == (["mia@example.com"], settings.DEFAULT_FROM_EMAIL)


@pytest.mark.django_db(transaction=True)
def test_same_occasion_has_the_same_message_id_for_the_same_person(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "FreightBridge <bills@example.com>"

    ids = [
        send(to, key=key).message()["Message-ID"]
        for to, key in (("a@example.com", "1"), ("a@example.com", "1"), ("b@example.com", "1"), ("a@example.com", "2"))
    ]

    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert all(one.endswith("@example.com>") for one in ids)


@pytest.mark.django_db
def test_mail_is_sent_outside_any_transaction() -> None:
    with pytest.raises(TransactionError):
        send()

"""Xero tells our web server of every change: one more who reads and writes what the delivery does."""

import time

import requests

TRIES, TRY_SECONDS, SECONDS = 20, 1.0, 30


class NotSubscribedError(Exception):
    """The web server does not answer as Xero wants it to."""


def subscribe_to_webhooks(url: str, *, web: str, key: str) -> None:
    """Xero's five seconds are a twelfth of one here, so the first answers come too late. Raises NotSubscribedError."""
    for _ in range(TRIES):
        requests.get(f"{web}/readyz", timeout=SECONDS)
        wish = {"url": f"{web}/xero/webhooks/", "key": key}
        requests.post(f"{url}/_sandbox/webhooks", json=wish, timeout=SECONDS).raise_for_status()
        time.sleep(TRY_SECONDS)
        (subscription,) = requests.get(f"{url}/_sandbox/webhooks", timeout=SECONDS).json()["subscriptions"]
        if subscription["status"] == "OK":
            return
    raise NotSubscribedError(f"{web} did not answer the intent to receive.")

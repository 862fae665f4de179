from collections.abc import Iterator
from typing import Any

import pytest

from tests.outbound_events.event_receiver import Receiver, listening_receiver


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.EVENTS_TO_PRIVATE_ADDRESSES = True
    with listening_receiver() as found:
        yield found

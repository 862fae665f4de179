from collections.abc import Iterator
from typing import Any

import pytest

from tests.notices.smtp_listener import MailServer, listening_mail_server


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with listening_mail_server(settings) as found:
        yield found

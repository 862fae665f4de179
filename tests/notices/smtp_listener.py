"""A mail server as small as one can be: takes mail over real SMTP, and misbehaves where it is told to."""

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast


@dataclass
class MailServer:
    """
    `refused`: addresses, and what it answers to them. `breaks`: how many mails it takes and then hangs up without a
    word, so that whoever sent it knows nothing.
    """

    refused: dict[str, str] = field(default_factory=dict)
    breaks: int = 0
    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)

    @property
    def to(self) -> list[str]:
        return [str(mail["To"]) for mail in self.taken]


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        mail_server: MailServer = self.server.mail_server  # type: ignore[attr-defined]
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            command = line.upper()
            address = line.partition("<")[2].partition(">")[0]
            if command.startswith("RCPT") and address in mail_server.refused:
                self.say(mail_server.refused[address])
            elif command.startswith("DATA"):
                self.say("354 go on")
                self.take(mail_server)
                if mail_server.breaks:
                    mail_server.breaks -= 1
                    return
                self.say("250 taken")
            elif command.startswith("QUIT"):
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take(self, mail_server: MailServer) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        parsed = email.message_from_bytes(b"".join(lines), policy=cast("Any", default))
        mail_server.taken.append(cast("EmailMessage", parsed))

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def listening_mail_server(settings: Any) -> Iterator[MailServer]:
    """Django's settings lead to it."""
    made = MailServer()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        server.mail_server = made  # type: ignore[attr-defined]
        made.port = server.server_address[1]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", made.port, False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield made
        server.shutdown()

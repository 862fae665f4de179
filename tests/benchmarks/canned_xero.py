"""
The least that can pass for Xero: takes batches of invoices, their files and their approval, and answers as Xero does.

It keeps the figures of what it took, so that the answers are true, and checks nothing; a sandbox would take so much
longer that it would hide what is measured against it. Run as a process: `python -m tests.benchmarks.canned_xero`
prints its port.
"""

import asyncio
import json
import re
import sys
import uuid
from decimal import Decimal
from typing import Any

Element = dict[str, Any]
SENT = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
TAX = Decimal("0.1")
# Nobody is kept waiting by a limit.
HEADERS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nX-MinLimit-Remaining: 1000000\r\n"
    b"X-DayLimit-Remaining: 1000000\r\nX-AppMinLimit-Remaining: 1000000\r\nContent-Length: %d\r\n\r\n"
)
taken: dict[str, Element] = {}


async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            sent = SENT.search(head)
            body = await reader.readexactly(int(sent[1])) if sent else b""
            answered = answer(head.split(b" ", 2)[1].decode(), body)
            writer.write(HEADERS % len(answered) + answered)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def answer(path: str, body: bytes) -> bytes:
    if "/Attachments/" in path:
        file_name = path.partition("?")[0].rpartition("/")[2]
        attachment = {"AttachmentID": str(uuid.uuid4()), "FileName": file_name, "ContentLength": len(body)}
        return json.dumps({"Attachments": [attachment]}).encode()
    invoices = json.loads(body, parse_float=Decimal)["Invoices"]
    return json.dumps({"Invoices": [standing(one) for one in invoices]}, default=float).encode()


def standing(sent: Element) -> Element:
    """The whole invoice as Xero holds it; with an id it stands already, and only changes its status."""
    if "InvoiceID" in sent:
        taken[sent["InvoiceID"]] |= sent
        return taken[sent["InvoiceID"]]
    net = sum(Decimal(str(line["Quantity"])) * Decimal(str(line["UnitAmount"])) for line in sent["LineItems"])
    # Of the same number the same id, whoever sends it again.
    invoice_id = str(uuid.uuid5(uuid.NAMESPACE_URL, sent["InvoiceNumber"]))
    figures = {"SubTotal": net, "TotalTax": net * TAX, "Total": net + net * TAX, "AmountDue": net + net * TAX}
    taken[invoice_id] = {**sent, "InvoiceID": invoice_id, **figures, "HasErrors": False, "ValidationErrors": []}
    return taken[invoice_id]


async def serve() -> None:
    server = await asyncio.start_server(serve_one, "127.0.0.1", 0, limit=1 << 20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())

"""How the bytes of an answer travel. The default is promptly and whole."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Seconds are real seconds. `cut_after` counts bytes of the body; None sends all of it.

    `ending` says what follows the last byte: "keep" the connection, "close" it, or "reset" it (RST).
    """

    drip_bytes: int = 0
    drip_pause: float = 0.0
    send_head: bool = True
    cut_after: int | None = None
    ending: str = "keep"


PROMPT = Delivery()
LOST = Delivery(send_head=False, ending="close")
RESET = Delivery(send_head=False, ending="reset")

"""What a mail says, from its HTML: words and links, so that they can be held against its plain text."""

from html.parser import HTMLParser


class MailReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped += tag in {"style", "title"}
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            if name in {"src", "srcset", "background", "poster"}:
                self.loaded.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words += data.split()


def read_html(html: str) -> MailReader:
    reader = MailReader()
    reader.feed(html)
    return reader


def missing_words(text: str, html: str) -> set[str]:
    """Words and links of the HTML that the plain text does not have. Signs do not count."""
    reader = read_html(html)
    said = {_plain(word) for word in text.split()}
    return {word for word in (*map(_plain, reader.words), *reader.links) if word and word not in said}


def _plain(word: str) -> str:
    return word if word.startswith("http") else word.strip(".,:;·()*").lower()

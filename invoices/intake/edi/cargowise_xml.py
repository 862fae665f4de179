"""XML as a tree that remembers what was read of it; bounded in depth and size, without entities or documents' types."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from invoices.intake.edi.freight_message import Note
from invoices.intake.source_table import UnreadableFileError

DEEPEST = 60
MOST_ELEMENTS = 400_000
# More than any field takes; documents that are carried along are not kept.
LONGEST_TEXT = 100_000
# Attributes that say how the XML is written, not what it says.
OF_THE_WRITING = frozenset({"version", "schemaLocation", "type", "nil"})


@dataclass(slots=True, eq=False)
class XmlNode:
    """`name` without its namespace; an attribute is a child whose name begins with @."""

    name: str
    line: int
    text: str = ""
    children: list["XmlNode"] = field(default_factory=list)
    is_read: bool = False

    @property
    def place(self) -> str:
        return f"{self.name}, line {self.line}"

    def child(self, path: str) -> "XmlNode | None":
        """The first one at `path`, as “OSCurrency/Code”."""
        found: XmlNode | None = self
        for name in path.split("/"):
            found = next((one for one in found.children if one.name == name), None) if found else None
        return found

    def all(self, path: str) -> "list[XmlNode]":
        found = [self]
        for name in path.split("/"):
            found = [child for one in found for child in one.children if child.name == name]
        return found

    def read(self, *paths: str) -> str:
        """The text of the first path that has one; all of them count as read."""
        texts = []
        for path in paths:
            node = self.child(path)
            if node is not None:
                node.is_read = True
                texts.append(" ".join(node.text.split()))
        return next(filter(None, texts), "")


@dataclass(slots=True)
class NodeBuilder:
    """What the parser hands its events to. Raises UnreadableFileError beyond the bounds."""

    parser: Any = None
    root: XmlNode | None = None
    stack: list[XmlNode] = field(default_factory=list)
    count: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.stack) >= DEEPEST or self.count > MOST_ELEMENTS:
            raise UnreadableFileError("The XML is nested too deeply or has too many elements. Split it into several.")
        node = XmlNode(_bare(tag), self.parser.parser.CurrentLineNumber)
        node.children = [
            XmlNode(f"@{_bare(name)}", node.line, text)
            for name, text in attributes.items()
            if _bare(name) not in OF_THE_WRITING
        ]
        if self.stack:
            self.stack[-1].children.append(node)
        else:
            self.root = node
        self.stack.append(node)

    def end(self, _tag: str) -> None:
        self.stack.pop()

    def data(self, text: str) -> None:
        if len(self.stack[-1].text) < LONGEST_TEXT:
            self.stack[-1].text += text

    def close(self) -> XmlNode | None:
        return self.root


def parse_xml(content: bytes) -> XmlNode:
    """Raises UnreadableFileError."""
    builder = NodeBuilder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.parser = parser
    try:
        parser.feed(content)
        root = parser.close()
    except DefusedXmlException as error:
        raise UnreadableFileError("The XML has a document type or entities of its own, which are not read.") from error
    except ParseError as error:
        line = error.position[0]
        raise UnreadableFileError(f"The XML is not well formed: line {line}. Was the file cut off?") from error
    except (LookupError, ValueError) as error:
        raise UnreadableFileError("The XML is in an encoding that is not known here.") from error
    if not isinstance(root, XmlNode):
        raise UnreadableFileError("The XML is empty.")
    return root


def name_unread(root: XmlNode, *, but: frozenset[str] = frozenset()) -> tuple[Note, ...]:
    """At most one note. A part of which nothing was read is named once, by where it begins. `but`: named elsewhere."""
    named: dict[str, list[int]] = {}
    for path, node in _unread(root, "", but):
        named.setdefault(path, []).append(node.line)
    if not named:
        return ()
    told = [f"{path} ({_lines(lines)})" for path, lines in named.items()]
    return (Note(text=f"Not used: {'; '.join(told)}.", segments=tuple(chain.from_iterable(named.values()))),)


def _lines(lines: list[int]) -> str:
    return f"line {lines[0]}" if len(lines) == 1 else f"{len(lines)} times from line {lines[0]}"


def _unread(node: XmlNode, path: str, but: frozenset[str]) -> Iterator[tuple[str, XmlNode]]:
    for child in node.children:
        here = f"{path}/{child.name}" if path else child.name
        if child.name in but or not _says_something(child):
            continue
        if not _has_read(child):
            yield here, child
        else:
            if child.text.strip() and not child.is_read:
                yield here, child
            yield from _unread(child, here, but)


def _says_something(node: XmlNode) -> bool:
    return bool(node.text.strip()) or any(_says_something(child) for child in node.children)


def _has_read(node: XmlNode) -> bool:
    return node.is_read or any(_has_read(child) for child in node.children)


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]

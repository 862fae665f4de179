"""What a key of the API may do: the scopes, each with words for the person who grants it."""

from enum import StrEnum


class Scope(StrEnum):
    READ_FREIGHT = "freight:read"
    WRITE_FREIGHT = "freight:write"
    UPLOAD = "uploads:write"
    SEND = "accounting:send"
    READ_ACCOUNTING = "accounting:read"


GRANTED_AS = {
    Scope.READ_FREIGHT: "Read shipments, customers, charge codes and uploads",
    Scope.WRITE_FREIGHT: "Enter and change shipments, customers and charge codes",
    Scope.UPLOAD: "Upload files of shipments and import them",
    Scope.SEND: "Send shipments to accounting",
    Scope.READ_ACCOUNTING: "Read sends, documents with their payments, and the accounting log",
}

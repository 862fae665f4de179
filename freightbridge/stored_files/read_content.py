"""
Reads a file that may be large, piece by piece: what a connection once received at a time, and that is twice a file's
size, it keeps room for as long as it lives.
"""

from django.db.models import BinaryField, Func

from freightbridge.stored_files.models import StoredFile

PIECE = 1_000_000


def read_content(file_id: int) -> bytes:
    """In the tenant's scope. Raises StoredFile.DoesNotExist."""
    pieces = [_piece(file_id, begin=0)]
    while len(pieces[-1]) == PIECE:
        pieces.append(_piece(file_id, begin=len(pieces) * PIECE))
    return b"".join(pieces)


def _piece(file_id: int, *, begin: int) -> bytes:
    """PostgreSQL counts from 1."""
    part = Func("content", begin + 1, PIECE, function="substr", output_field=BinaryField())
    return bytes(StoredFile.objects.values_list(part, flat=True).get(pk=file_id))

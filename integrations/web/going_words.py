"""What people read after a change of rules about the documents that had stopped."""

from integrations.outbox.try_stopped import GoingOn


def going_words(going: GoingOn) -> str:
    """Empty where none had, or begins with a space."""
    if going.later:
        return f" {going.later:,} stopped documents are being tried again; what the change sets free goes on by itself."
    return f" {going.count} stopped document{'' if going.count == 1 else 's'} go on." if going.count else ""

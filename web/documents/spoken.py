"""How something was said, in words for a document: orally, and by whom for whom."""

from __future__ import annotations

from engine.sentences.sentence import Sentence, say
from web.documents.writer import Writer

ORAL = say("Oral")


def manner(write: Writer, institution: str, *, on_behalf: bool, more: Sentence = ORAL) -> str:
    """That it is oral, and that somebody else said it on behalf of the institution. `more`: what
    stands instead of the bare word."""
    if not on_behalf:
        return write(more)
    return f"{write(more)}; {write.gettext('on behalf of %(name)s') % {'name': institution}}"

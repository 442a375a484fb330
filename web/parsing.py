"""What stands in an address or a form, as values of the domain.

Owns the small conversions of requests. A text that names nothing is answered like a thing that does
not exist.
"""

from __future__ import annotations

from uuid import UUID

from engine.errors import NotFound
from engine.words import say


def as_id(text: str) -> UUID:
    """An id out of an address. Raises NotFound for anything that is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(say("There is no such thing, or it is not open to you.")) from None


def optional_id(text: str | None) -> UUID | None:
    """The id, or None where nothing was given."""
    return as_id(text) if text else None

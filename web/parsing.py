"""What stands in an address or a form, as values of the domain.

Owns the small conversions of requests. A text that names nothing is answered like a thing that does
not exist.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from engine.errors import NotFound
from engine.words import say


def as_id(text: str) -> UUID:
    """An id out of an address. Raises NotFound for anything that is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(say("There is no such thing, or it is not open to you.")) from None


def own_address(text: str) -> str:
    """An address of this product, or its first page: nobody is sent elsewhere by a form."""
    parts = urlsplit(text)
    inside = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if inside and not (parts.scheme or parts.netloc) else "/"


def optional_id(text: str | None) -> UUID | None:
    """The id, or None where nothing was given."""
    return as_id(text) if text else None

"""What stands in an address or a form, as values of the domain.

Owns the small conversions of requests. A text that names nothing is answered like a thing that does
not exist.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say

OWN = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
"""A path, which no browser takes for another host: a browser drops line ends and tabs, and takes a
backslash for a slash."""


def as_id(text: str) -> UUID:
    """An id out of an address. Raises NotFound for anything that is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(say("There is no such thing, or it is not open to you.")) from None


def own_address(text: str) -> str:
    """An address of this product, or its first page: nobody is sent elsewhere by a form."""
    return text if OWN.fullmatch(text) else "/"


def own_page(url: str | None) -> str:
    """The path of the page a browser says it comes from, or the first page."""
    try:
        return own_address(urlsplit(url or "").path)
    except ValueError:
        return "/"


def optional_id(text: str | None) -> UUID | None:
    """The id, or None where nothing was given."""
    return as_id(text) if text else None

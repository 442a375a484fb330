"""Texts in an address or a form, as values of the domain.

Owns the small conversions of requests. A text that names nothing gets the answer for a missing
thing.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say

OWN = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
"""A path that no browser takes for another host: a browser drops line ends and tabs, and reads a
backslash as a slash."""


def as_id(text: str) -> UUID:
    """An id from an address. Raises NotFound for any other text."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(say("There is no such thing, or it is not open to you.")) from None


def own_address(text: str) -> str:
    """An address of this product, or its first page, so that no form can send a user elsewhere."""
    return text if OWN.fullmatch(text) else "/"


def own_page(url: str | None) -> str:
    """The path of the page that a browser names as its origin, or the first page."""
    try:
        return own_address(urlsplit(url or "").path)
    except ValueError:
        return "/"


def optional_id(text: str | None) -> UUID | None:
    """The id, or None for an empty text."""
    return as_id(text) if text else None

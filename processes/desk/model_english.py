"""The English that owners wrote into their models.

Owns which versions count: the newest that owners released, for texts of older ones too. A version
never changes, so each is read once in a process; which are the newest is asked anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection

from engine.models.bundle import read_bundle
from engine.models.texts import english_of
from engine.storage.models import definitions

_read: dict[UUID, Mapping[str, str]] = {}


def owners_english(connection: Connection) -> dict[str, str]:
    """Text of a model -> its English."""
    newest = definitions.newest_of_owners(connection)
    if fresh := newest - _read.keys():
        files = definitions.files_of_all(connection, fresh)
        _read.update({id: english_of(read_bundle(files[id])) for id in fresh})
    for gone in _read.keys() - newest:
        _read.pop(gone, None)
    return {text: english for id in sorted(newest) for text, english in _read.get(id, {}).items()}

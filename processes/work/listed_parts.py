"""The parts of an act on many, page by page: for the acts upon late tasks and for the moves after a
change of a calendar alike.

Asks no right: the act does, which knows whose it is.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection

from processes.ground.paging import PAGE, Page, cursor, cut
from processes.register.states import Fate
from processes.storage.bulk import Count
from processes.storage.work import bulk_parts
from processes.storage.work.bulk_parts import ListedPart


class Progress(Protocol):
    """How far an act on many is."""

    @property
    def count(self) -> Count: ...
    @property
    def act_id(self) -> UUID: ...


def page(
    connection: Connection,
    of: Progress | None,
    fate: Fate | None = None,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[ListedPart]:
    """The parts of the act, or those of one `fate`; none without an act."""
    if of is None:
        return Page((), more=False)
    at = cursor(after, before)
    rows = bulk_parts.page(connection, of.act_id, of.count.stuck, fate, at, limit + 1)
    return cut(rows, limit, at)

"""What somebody took part in: drafts they commented on, whatever became of them since.

Owns this list. What waits for somebody is `processes.work.inbox`.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from processes.ground.paging import PAGE, Page, cursor, cut
from processes.rights.access import Scope, may
from processes.rights.visibility import visible_recommendations
from processes.storage.cases.lists import taken_part
from processes.storage.cases.lists.taken_part import Commented


def page(
    connection: Connection,
    scope: Scope,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[Commented]:
    """The drafts that the reader has commented on, the newest first."""
    may(scope, "read_own_work")
    at = cursor(after, before)
    visible = visible_recommendations(scope)
    return cut(taken_part.page(connection, visible, scope.username, at, limit + 1), limit, at)

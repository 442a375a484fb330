"""What a list of follow-ups can be narrowed to: only what the reader would find something under.

Owns the choices of the filter bar. The list itself is `processes.follow_ups`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from processes import escalations
from processes.access import Scope, may
from processes.storage import follow_up_lists
from processes.visibility import visible_follow_ups

NEWEST = 200
"""So many recommendations can be chosen from; older ones are reached from their own page."""


@dataclass(frozen=True, slots=True)
class Choices:
    """`institutions`: (code, short name); `recommendations`: (id, number, title), newest first;
    `levels`: escalation level -> its name."""

    institutions: Sequence[tuple[str, str]]
    recommendations: Sequence[tuple[UUID, str, str]]
    levels: Mapping[int, str]


def choices(connection: Connection, scope: Scope) -> Choices:
    """The choices of a reader."""
    may(scope, "read_own_work")
    visible = visible_follow_ups(scope)
    return Choices(
        follow_up_lists.institutions(connection, visible),
        follow_up_lists.recommendations(connection, visible, NEWEST),
        escalations.levels(connection, scope),
    )

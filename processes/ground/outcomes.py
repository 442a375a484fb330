"""What a handler came to, where somebody besides the institution is to be told of it.

Owns the values only: who reads them writes the letters (`processes.notices.tidings`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Tiding:
    """Something to tell by letter. `word`: which letter; `to`: the username of who is told first,
    else everybody with the role `role`; `follow_up_id`: the case it is about, else the step's;
    `institution`: its code, where its contacts are told and nobody else."""

    word: str
    to: str | None = None
    role: str = ""
    follow_up_id: UUID | None = None
    institution: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The variables that a handler returns, and whom to tell what."""

    variables: Mapping[str, object] = field(default_factory=dict)
    told: Sequence[Tiding] = ()

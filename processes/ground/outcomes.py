"""What a handler came to, where somebody besides the institution is to be told of it.

Owns the values only: who reads them writes the letters (`processes.notices.tidings`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from engine.ports.handlers import Step


@dataclass(frozen=True, slots=True)
class Tiding:
    """Something to tell by letter. `word`: which letter; `to`: the username of who is told first,
    else everybody with the role `role`; `follow_up_id`: the case it is about, else the step's;
    `reason`: why it was decided so; `institution`: its code, where its contacts are told and nobody
    else."""

    word: str
    to: str | None = None
    role: str = ""
    follow_up_id: UUID | None = None
    reason: str = ""
    institution: str | None = None


def decided(
    step: Step, word: str, proposer: str | None, reason: str | None = None
) -> Sequence[Tiding]:
    """What a coordinator who proposed something is told of its decision; nothing if the same person
    has decided, or a program proposed it."""
    if proposer in (None, step.by):
        return ()
    return [Tiding(word, proposer, "coordinator", reason=reason or "")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The variables that a handler returns, and whom to tell what."""

    variables: Mapping[str, object] = field(default_factory=dict)
    told: Sequence[Tiding] = ()

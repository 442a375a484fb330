"""Posts that somebody may stand in for: the head of an institution, and a supervisor of a rank.

Owns the words for a stand-in and the states that one goes through. A post is named by the group
that its tasks are offered to (`processes.rights.groups`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.sentences.sentence import say
from processes.register.states import Marked


class StandInKind(Marked):
    """plt: the post is vacant, or its holder away for long; plh: away for some days."""

    PLT = (
        "plt",
        "neutral",
        say("plt. (the post is vacant, or its holder away for long)"),
        say("plt."),
    )
    PLH = "plh", "neutral", say("plh. (its holder is away for some days)"), say("plh.")


class StandInState(Marked):
    """The state of a stand-in, or of a leave without one."""

    PLANNED = "planned", "waiting", say("Begins later")
    ACTIVE = "active", "active", say("In force")
    ENDED = "ended", "neutral", say("Ended")


KINDS: Final[Mapping[str, StandInKind]] = {one.value: one for one in StandInKind}
LASTING: Final = (StandInState.PLANNED, StandInState.ACTIVE)
SUPERVISOR: Final = "supervisor"
"""The post of a supervisor; its rank stands beside it."""

"""The groups of follow-ups: each follow-up is in exactly one, so they add up to the total.

Owns the one table that says which group a stage and a kind of verdict make. Python asks it with
`group_of`; `processes.storage.cases.lists.grouping` makes its clauses from the same rows. An end is
not a success: what was withdrawn, or can not be followed up, is counted by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.sentences.sentence import say
from processes.register.states import RUNNING, Marked, Stage, VerdictKind
from processes.register.verdicts import VERDICTS


class Group(Marked):
    """How far a follow-up came. carried_over: its work goes on in another follow-up, mostly under
    the next recommendation."""

    OPEN = "open", "active", say("Open")
    CONFORMS = "conforms", "done", say("Conforms")
    BACK_AT_WORK = "back_at_work", "late", say("Not yet conforming (back at work)")
    IMPOSSIBLE = "impossible", "neutral", say("Cannot be followed up")
    WITHDRAWN = "withdrawn", "neutral", say("Withdrawn")
    CARRIED_OVER = "carried_over", "neutral", say("Carried over")


BY_VALUE: Final[Mapping[str, Group]] = {group.value: group for group in Group}
OUTSTANDING: Final = (Group.OPEN, Group.BACK_AT_WORK)
"""Somebody still works on these."""
TAKEN_OUT: Final = (Group.WITHDRAWN, Group.CARRIED_OVER)
"""These are no part of the recommendation any more."""
LET_OFF: Final = (Group.IMPOSSIBLE, *TAKEN_OUT)
"""Nobody owes these any more, and nobody has done them."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Follow-ups at these stages whose verdict is of these kinds are in this group. `kinds` None:
    the verdict decides nothing; a kind None: there is no verdict."""

    group: Group
    stages: tuple[str, ...]
    kinds: tuple[VerdictKind | None, ...] | None = None

    @property
    def verdicts(self) -> list[str]:
        """The verdicts of these kinds."""
        return [one.value for one in VERDICTS.values() if one.kind in (self.kinds or ())]

    def holds(self, stage: str, verdict: str | None) -> bool:
        """Whether a follow-up of this stage and verdict is in the group."""
        kind = None if verdict is None else VERDICTS[verdict].kind
        return stage in self.stages and (self.kinds is None or kind in self.kinds)


SENT_BACK: Final = tuple(kind for kind in VerdictKind if kind.sends_back)
RULES: Final = (
    Membership(Group.WITHDRAWN, (Stage.WITHDRAWN,)),
    Membership(Group.CARRIED_OVER, (Stage.CARRIED_OVER,)),
    Membership(Group.CONFORMS, (Stage.CLOSED,), (VerdictKind.CONFORMS,)),
    # Only a verdict that conforms is a success, in whatever order an owner draws the end.
    Membership(Group.IMPOSSIBLE, (Stage.CLOSED,), (None, VerdictKind.IMPOSSIBLE, *SENT_BACK)),
    Membership(Group.BACK_AT_WORK, RUNNING, SENT_BACK),
    # A verdict that a supervisor has not approved yet, or that no end has followed, ends nothing.
    Membership(Group.OPEN, RUNNING, (None, VerdictKind.CONFORMS, VerdictKind.IMPOSSIBLE)),
)
"""The first rule that holds decides; for every stage and verdict exactly one does."""


def group_of(stage: str, verdict: str | None) -> Group:
    """The group of a follow-up."""
    return next(rule.group for rule in RULES if rule.holds(stage, verdict))


def tally(groups: Iterable[Group]) -> Mapping[Group, int]:
    """How many of each group there are, in the order of the groups, without those of none."""
    found = Counter(groups)
    return {group: found[group] for group in Group if found[group]}
